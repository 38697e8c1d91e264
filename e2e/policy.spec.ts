import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test } from './support/world.ts';

test('a rule that is added in the page denies an agent’s command, and the explanation names it', async ({
  page,
  world,
}) => {
  await signIn(page, world.farhand.url);
  const settings = await openPolicy(page);
  await settings.getByRole('button', { name: 'Add a rule' }).click();
  const form = settings.getByRole('form', { name: 'New rule' });
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Nothing is published');
  await form.getByRole('textbox', { name: 'Commands' }).fill('cat published.txt');
  await form.getByRole('textbox', { name: 'Reason' }).fill('Ask Ada first.');
  await form.getByRole('button', { name: 'Add it' }).click();
  await expect(settings.getByRole('list', { name: 'Rules' })).toContainText('Nothing is published');

  await settings.getByRole('textbox', { name: 'Command', exact: true }).fill('ls && $(cat published.txt)');
  await settings.getByRole('button', { name: 'Explain' }).click();
  const explanation = settings.getByRole('region', { name: 'Explanation' });
  await expect(explanation).toContainText('The rule “Nothing is published” denies it. Ask Ada first.');
  await expect(explanation).toContainText('Line 1');
  await expect(explanation.getByRole('listitem').filter({ hasText: 'cat published.txt' })).toContainText(
    'Denied',
  );
  // Taking a rule away asks first.
  await settings.getByRole('button', { name: 'Remove Nothing is published' }).press('Enter');
  await expect(settings.getByRole('button', { name: 'Keep Nothing is published' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(settings.getByRole('button', { name: 'Remove Nothing is published' })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+P');
  await page.getByRole('combobox').fill('>settings policy');
  await page.getByRole('option', { name: /Settings: Policy/ }).click();
  await expect(settings.getByRole('list', { name: 'Rules' })).toContainText('Nothing is published');
  await page.keyboard.press('Escape');

  const client = await signInBeside(world);
  const workspace = await makeWorkspace(client, world, { name: 'shop-policy' });
  const { session } = await client.call('session.create', { workspaceId: workspace.id });
  await client.call('session.prompt', { sessionId: session.id, text: 'Publish as policy' });
  await page
    .getByRole('navigation', { name: 'Workspaces' })
    .getByRole('link', { name: /shop-policy/ })
    .first()
    .click();
  await expect(page.getByText('That was the publishing.')).toBeVisible();
  await page.getByRole('button', { name: /^Ran echo published as policy/ }).click();
  await expect(page.getByText('The rule “Nothing is published” denies it. Ask Ada first.')).toBeVisible();
  expect(existsSync(join(workspace.directory ?? '', 'published.txt'))).toBe(false);

  const { stdout } = await world.farhand.cli('policy', 'explain', '--', 'cat', 'published.txt');
  expect(stdout).toContain('DENIED: The rule “Nothing is published” denies it.');
});

async function openPolicy(page: Page) {
  await page.getByRole('button', { name: 'Settings' }).first().click();
  const settings = page.getByRole('dialog');
  await settings.getByRole('button', { name: 'Policy', exact: true }).click();
  return settings.getByRole('region', { name: 'Policy' });
}

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prompt, signIn } from './support/page.ts';
import { addHost, makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test } from './support/world.ts';

test('a session is forked with its past to another host; a workspace moves there', async ({
  page,
  world,
}) => {
  const far = await addHost(world, 'far-host');
  const client = await signInBeside(world);
  const origin = await makeWorkspace(client, world, { name: 'origin' });
  await signIn(page, world.farhand.url);
  const link = (name: RegExp) =>
    page.getByRole('navigation', { name: 'Workspaces' }).getByRole('link', { name }).first();
  await link(/origin/).click();
  await prompt(page, 'Remember the word heron');
  await expect(page.getByText('I remember the word heron')).toBeVisible();
  writeFileSync(join(origin.directory ?? '', 'draft.txt'), 'not committed\n');

  await page.locator('.pane-tab').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Fork the session…' }).click();
  const fork = page.getByRole('dialog', { name: /^Fork/ });
  await fork.getByRole('textbox', { name: 'Name' }).fill('the-fork');
  await fork.getByRole('combobox', { name: 'Host' }).fill('far-host');
  await fork.getByRole('combobox', { name: 'Host' }).press('Tab');
  await fork.getByRole('button', { name: 'Fork', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'the-fork', exact: true })).toBeVisible();
  await expect(page.getByText('I remember the word heron')).toBeVisible({ timeout: 60_000 });
  await prompt(page, 'Say good evening');
  await expect(page.getByText('A good evening to you.')).toBeVisible();
  // The model was told what was said before the fork.
  expect(world.model.requests.at(-1)?.text).toContain('Remember the word heron');

  await link(/origin/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move to another host…' }).click();
  const move = page.getByRole('dialog', { name: 'Move origin' });
  await move.getByRole('combobox', { name: 'Host' }).fill('far-host');
  await move.getByRole('combobox', { name: 'Host' }).press('Tab');
  await move.getByRole('button', { name: 'Move to far-host' }).click();
  await expect(link(/origin.*far-host/)).toBeVisible({ timeout: 60_000 });
  await link(/origin/).click();
  await expect(page.getByText('I remember the word heron')).toBeVisible();
  const moved = (await client.call('workspace.list', {})).workspaces.find(({ name }) => name === 'origin');
  expect(moved?.directory).toContain(far.home);
  expect(existsSync(join(moved?.directory ?? '', 'draft.txt'))).toBe(true);
  await expect.poll(() => existsSync(origin.directory ?? '')).toBe(false);
  await prompt(page, 'Say good evening');
  await expect(page.getByText('A good evening to you.')).toBeVisible();
});

test('a move that waits for a turn is given up, and the workspace stays', async ({ page, world }) => {
  await addHost(world, 'far-host');
  const client = await signInBeside(world);
  const { id } = await makeWorkspace(client, world, { name: 'origin' });
  await signIn(page, world.farhand.url);
  const workspace = page
    .getByRole('navigation', { name: 'Workspaces' })
    .getByRole('link', { name: /origin/ });
  await workspace.first().click();
  await prompt(page, 'Sleep for ever');
  await expect(page.getByText('asleep').first()).toBeVisible();
  await workspace.first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move to another host…' }).click();
  const move = page.getByRole('dialog', { name: 'Move origin' });
  await move.getByRole('combobox', { name: 'Host' }).fill('far-host');
  await move.getByRole('combobox', { name: 'Host' }).press('Tab');
  await move.getByRole('button', { name: 'Move to far-host' }).click();
  await expect(page.getByText('Moves to far-host', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel the move' }).press('Enter');
  await expect(page.getByText('Moves to far-host', { exact: true })).toBeHidden();
  const { workspaces } = await client.call('workspace.list', {});
  expect(workspaces.find((one) => one.id === id)).toMatchObject({ state: 'ready', move: null });
  // The turn goes on.
  await expect(page.getByText('asleep').first()).toBeVisible();
});

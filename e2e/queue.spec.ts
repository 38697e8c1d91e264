import { prompt, signIn } from './support/page.ts';
import { makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test } from './support/world.ts';

test('messages wait for the turn and for a free place on the host, are sent later, and are found', async ({
  page,
  world,
}) => {
  const client = await signInBeside(world);
  const first = await makeWorkspace(client, world, { name: 'first-place' });
  await makeWorkspace(client, world, { name: 'second-place' });
  await client.call('host.set_agent_limit', { hostId: first.hostId, limit: 1 });
  await signIn(page, world.farhand.url);
  const show = (name: RegExp) =>
    page.getByRole('navigation', { name: 'Workspaces' }).getByRole('link', { name }).first().click();
  const queued = page.getByRole('list', { name: 'Queued messages' });

  await show(/first-place/);
  await prompt(page, 'Count to 50.');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible();
  await prompt(page, 'Remember the word heron');
  await expect(queued.getByRole('listitem')).toContainText('Remember the word heron');

  await show(/second-place/);
  await prompt(page, 'Remember the word bittern');
  await expect(queued.getByRole('listitem')).toContainText(/place/);
  await expect(page.getByText('I remember the word bittern')).toBeVisible({ timeout: 60_000 });
  await expect(queued).toHaveCount(0);

  await show(/first-place/);
  await expect(page.getByText('I remember the word heron')).toBeVisible({ timeout: 60_000 });
  await prompt(page, 'Say good evening');
  await expect(page.getByText('A good evening to you.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Message to the agent' }).fill('Say good evening tomorrow');
  await page.getByRole('button', { name: 'Send later…' }).click();
  await page.getByRole('button', { name: 'Tomorrow at 09:00' }).click();
  await expect(queued.getByRole('listitem')).toContainText('tomorrow 09:00');
  await queued.getByRole('button', { name: 'Send now' }).click();
  await expect(page.getByText('A good evening to you.')).toHaveCount(2);

  await page.keyboard.press('Control+Shift+f');
  await page.getByRole('combobox', { name: 'Palette' }).fill('?bittern');
  await page.getByRole('option', { name: /I remember the word bittern/ }).click();
  await expect(page.getByRole('heading', { name: 'second-place', exact: true })).toBeVisible();
  await expect(page.getByText('I remember the word bittern')).toBeVisible();
});

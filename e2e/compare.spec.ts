import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from './support/page.ts';
import { addHost, makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test } from './support/world.ts';

test('three variants, one of them on another host, are compared to the one that is kept', async ({
  page,
  world,
}) => {
  await addHost(world, 'far-host');
  const client = await signInBeside(world);
  await makeWorkspace(client, world, { name: 'shop-base' });
  await signIn(page, world.farhand.url);
  const list = page.getByRole('navigation', { name: 'Workspaces' });
  await list
    .getByRole('link', { name: /shop-base/ })
    .first()
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Compare…' }).click();

  const dialog = page.getByRole('dialog', { name: 'Compare on shop-base' });
  await dialog.getByRole('textbox', { name: 'Prompt' }).fill('Mend the cart and keep a note of it.');
  const hosts = dialog.getByRole('combobox', { name: /^Host of variant/ });
  while ((await hosts.count()) < 3) await dialog.getByRole('button', { name: 'Add a variant' }).click();
  await hosts.nth(2).fill('far-host');
  await hosts.nth(2).press('Tab');
  await dialog.getByRole('textbox', { name: 'Test command' }).fill('node --test');
  await dialog.getByRole('button', { name: 'Start 3 variants' }).click();

  const board = page.getByRole('main', { name: 'Comparison' });
  for (const number of [1, 2, 3])
    await expect(board.getByRole('button', { name: `Test of variant ${number} passed` })).toBeVisible({
      timeout: 60_000,
    });
  const row = (number: number) => board.getByRole('listitem', { name: new RegExp(`^Variant ${number},`) });
  await expect(row(3)).toContainText('far-host');
  await expect(row(3).getByRole('button', { name: /^Changes of variant 3: 2 files/ })).toBeVisible();

  await row(1).getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(board.getByText(/Variant 1 is kept/)).toBeVisible();
  await row(3).getByRole('button', { name: 'More about variant 3' }).click();
  await page.getByRole('menuitem', { name: 'Take files…' }).click();
  const taking = page.getByRole('dialog', { name: 'Take files' });
  await taking.getByRole('checkbox', { name: 'NOTES.md' }).check();
  await taking.getByRole('button', { name: 'Take 1 file' }).click();
  await expect(taking).toBeHidden();

  await board.getByRole('button', { name: 'Discard the rest…' }).click();
  await page
    .getByRole('dialog', { name: /^Discard 2/ })
    .getByRole('button', { name: 'Discard 2' })
    .click();
  await expect(board.getByText(/The others are discarded/)).toBeVisible();
  const { workspaces } = await client.call('workspace.list', {});
  const kept = workspaces.find(({ name, state }) => name !== 'shop-base' && state === 'ready');
  await expect.poll(async () => (await client.call('workspace.list', {})).workspaces.length).toBe(2);
  // The note names the folder that it was written in: it is the other variant's.
  const note = readFileSync(join(kept?.directory ?? '', 'NOTES.md'), 'utf8');
  expect(note).toContain('note of ');
  expect(note).not.toContain(`note of ${kept?.directory?.split('/').at(-1)}\n`);
});

import { createWorkspace, signIn } from './support/page.ts';
import { expect, test } from './support/world.ts';

const NAMES = ['north', 'east', 'south'];

test('three agents on one host work side by side in one window', async ({ page, world }) => {
  await page.setViewportSize({ width: 1680, height: 1000 });
  await signIn(page, world.farhand.url);
  for (const name of NAMES) {
    await createWorkspace(page, world, { name, message: 'Count to 30.' });
    await expect(page.getByText('tick 1', { exact: false }).first()).toBeVisible();
  }
  for (const name of NAMES.slice(0, 2)) {
    // Below it stands its agent, once that has something to tell.
    await page
      .getByRole('link', { name: new RegExp(name) })
      .first()
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Open beside' }).click();
  }
  await expect(page.getByLabel('Transcript')).toHaveCount(3);
  await expect(page.getByText('I counted to 30.')).toHaveCount(3, { timeout: 60_000 });
  // One master carries all of it: three workspaces cost no login each.
  expect(world.sshd.logins()).toBeLessThanOrEqual(4);
});

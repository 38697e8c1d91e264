import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspace, prompt, signIn, transcriptText } from './support/page.ts';
import { processes } from './support/processes.ts';
import { expect, test } from './support/world.ts';

test('a task is done on an SSH host: workspace, agent, terminal, changes, delete', async ({
  page,
  world,
}) => {
  // The setting that keeps a terminal's text in the page for screen readers lets us read it too.
  await page.addInitScript(() => localStorage.setItem('farhand.readable-terminals', 'on'));
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'fix-discount' });

  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('Send');
  await prompt(page, 'Please repair the discount.');
  await expect(page.getByText('All tests pass.')).toBeVisible();
  const text = await transcriptText(page);
  expect(text).toContain('I will run the tests first');
  expect(text.match(/All tests pass/g)).toHaveLength(1);
  await expect(page.locator('[data-tool="bash"]')).toHaveCount(2);
  await expect(page.locator('[data-tool="edit_file"][data-state="done"]')).toHaveCount(1);

  const changes = page.getByRole('complementary', { name: 'Inspector' });
  await changes.getByRole('button', { name: /modified cart.js/ }).click();
  await expect(page.getByRole('region', { name: /Changes of/ }).getByText('Math.round')).toBeVisible();

  await page.keyboard.press('Control+j');
  const terminal = page.getByRole('textbox', { name: /terminal/i });
  await expect(terminal).toBeAttached();
  await terminal.focus();
  await page.keyboard.type('echo here-$((6*7)) && pwd\n');
  await expect(page.locator('.xterm-accessibility')).toContainText('here-42');

  await page.getByRole('link', { name: /fix-discount/ }).press('Delete');
  const dialog = page.getByRole('dialog', { name: /Delete fix-discount/ });
  await expect(dialog).toContainText('src/cart.js');
  await dialog.getByRole('button', { name: /^Delete/ }).click();
  await expect(page.locator('nav').getByText('fix-discount')).toHaveCount(0);
  const left = join(world.sshd.home, '.farhand/workspaces/shop');
  expect(existsSync(left) ? readdirSync(left) : []).toEqual([]);
  expect(readdirSync(join(world.sshd.home, '.farhand/jobs'))).toEqual([]);
});

test('stop ends the command on the host', async ({ page, world }) => {
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'sleepy', message: 'Sleep for ever.' });
  await expect(page.getByText('asleep', { exact: true })).toBeVisible();
  expect(processes('sleep 98765')).not.toEqual([]);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText(/stopped/i).first()).toBeVisible();
  await expect.poll(() => processes('sleep 98765')).toEqual([]);
});

test('a terminal opens by its key from the moment when the workspace is ready', async ({ page, world }) => {
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'eager' });
  let letGo = () => {};
  const mayLoad = new Promise<void>((resolve) => (letGo = resolve));
  // The code of the panes is only asked for once the workspace is ready.
  await page.route('**/*.js', (route) => mayLoad.then(() => route.continue()));
  await expect(page.getByLabel('Loading the panes')).toBeVisible();
  await page.keyboard.press('Control+j');
  letGo();
  await expect(page.getByRole('textbox', { name: /terminal/i })).toBeAttached();
});

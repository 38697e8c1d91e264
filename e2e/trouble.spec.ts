import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspace, prompt, signIn } from './support/page.ts';
import { expect, test, type World } from './support/world.ts';

test('a host that does not resolve: what failed, why, what now; then it is removed', async ({
  page,
  world,
}) => {
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'lost', host: 'no-such-host.invalid' });
  const failure = page.getByRole('alert').filter({ hasText: 'host.unknown' });
  await expect(failure).toContainText('no-such-host.invalid');
  await expect(failure.getByRole('button', { name: 'Copy details' })).toBeVisible();
  await failure.getByRole('button', { name: 'Remove' }).click();
  await page
    .getByRole('dialog', { name: /Delete lost/ })
    .getByRole('button', { name: /^(Delete|Remove|Forget)/ })
    .click();
  await expect(page.getByRole('link', { name: /lost/ })).toBeHidden();
});

test('a set-up script that fails is shown, mended and retried from that step', async ({ page, world }) => {
  addInit(world);
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'mended', message: 'Please repair the discount.' });
  const failure = page.getByRole('alert').filter({ hasText: 'workspace.init_failed' });
  await expect(failure).toBeVisible();
  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('please allow me');

  writeFileSync(join(world.sshd.home, 'allowed'), '');
  await failure.getByRole('button', { name: 'Retry from this step' }).click();
  // The first message, typed before anything was made, has waited.
  await expect(page.getByText('All tests pass.')).toBeVisible();
});

test('a bad host name and a bad project are refused in the dialog', async ({ page, world }) => {
  await signIn(page, world.farhand.url);
  await page.getByRole('button', { name: 'New workspace' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New workspace' });
  await dialog.getByRole('combobox', { name: 'Project' }).fill('/no/such/folder');
  await page.keyboard.press('Tab');
  await expect(dialog).toContainText('There is no folder /no/such/folder');
  await dialog.getByRole('combobox', { name: 'Host' }).fill('-oProxyCommand=touch /tmp/owned');
  await page.keyboard.press('Tab');
  await expect(dialog).toContainText('not a host name that ssh takes');
  await expect(dialog.getByRole('button', { name: 'Create workspace' })).toBeDisabled();
});

test('a workspace that was removed behind our back says so', async ({ page, world }) => {
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'gone' });
  await prompt(page, 'Count to 2.');
  await expect(page.getByText('I counted to 2.')).toBeVisible();
  // At once: the end of the turn may still be looked at there.
  renameSync(join(world.sshd.home, '.farhand/workspaces'), join(world.sshd.home, 'elsewhere'));
  await prompt(page, 'Count to 3.');
  await expect(page.getByText(/gone from/).first()).toBeVisible();
  const { stderr, code } = await world.farhand.cli('exec', 'gone', '--', 'ls');
  expect(code).not.toBe(0);
  expect(stderr).toContain('gone from the host');
});

test('without a model the page says how to add one', async ({ page, world }) => {
  await world.farhand.stop();
  const bare = world.farhand.without('FARHAND_MODEL_BASE_URL', 'FARHAND_MODEL', 'FARHAND_MODEL_KEY');
  await bare.start();
  await signIn(page, bare.url);
  await createWorkspace(page, world, { name: 'speechless', host: 'local' });
  await expect(page.getByRole('region', { name: 'No model is set up' })).toBeVisible();
  await bare.stop();
});

function addInit({ repository }: World): void {
  const path = join(repository, '.farhand/init');
  mkdirSync(join(repository, '.farhand'));
  writeFileSync(path, '#!/bin/sh\n[ -e "$HOME/allowed" ] || { echo "please allow me"; exit 3; }\n');
  chmodSync(path, 0o755);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: repository,
    });
  git('add', '.');
  git('commit', '-q', '-m', 'Set the workspace up');
}

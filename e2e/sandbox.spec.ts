import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prompt, signIn } from './support/page.ts';
import { addScriptedAgent, makeWorkspace, signInBeside } from './support/places.ts';
import { expect, test, type World } from './support/world.ts';

const OWN = `# Mine.
[sandbox.profiles.scripted]
description = "As workspace, with the scripted agent."
read = ["~/scripted"]

[sandbox.profiles.slow]
cpu = 0.5

[sandbox.profiles.wrong]
network = "maybe"
`;

function prepare({ farhand, sshd, repository }: World): void {
  writeFileSync(join(sshd.home, 'outside.txt'), 'OUTSIDE');
  mkdirSync(join(repository, '.farhand'), { recursive: true });
  writeFileSync(
    join(repository, '.farhand/init'),
    'cat ~/outside.txt >init-saw.txt 2>&1; touch ~/made-by-init.txt\n',
  );
  execFileSync('git', ['add', '-A'], { cwd: repository });
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'init'], {
    cwd: repository,
  });
  writeFileSync(join(farhand.home, 'farhand/config.toml'), OWN);
}

test('agents, terminals and init of a workspace run in its sandbox', async ({ page, world }) => {
  prepare(world);
  const { home } = world.sshd;
  await signIn(page, world.farhand.url);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New workspace' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New workspace' });
  await expect(dialog).toContainText('No sandbox: jobs may do all');
  await dialog.getByRole('combobox', { name: 'Sandbox' }).click();
  await page.getByRole('option', { name: 'workspace' }).click();
  await expect(dialog).toContainText('Writes in the workspace only');
  await page.screenshot({ path: 'test-results/shots/sandbox-create.png' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const client = await signInBeside(world);
  const { id, directory } = await makeWorkspace(client, world, { name: 'caged', sandbox: 'workspace' });
  const inside = (name: string) => join(directory ?? '', name);
  await expect.poll(() => existsSync(inside('init-saw.txt'))).toBe(true);
  expect(readFileSync(inside('init-saw.txt'), 'utf8')).not.toContain('OUTSIDE');
  expect(existsSync(join(home, 'made-by-init.txt'))).toBe(false);

  await page
    .getByRole('navigation', { name: 'Workspaces' })
    .getByRole('link', { name: /caged/ })
    .first()
    .click();
  await prompt(page, 'Please repair the discount');
  await expect(page.getByText('All tests pass.')).toBeVisible();
  await prompt(page, 'Now look outside');
  await expect(page.getByText('I looked outside.')).toBeVisible();
  expect(existsSync(join(home, 'made.txt'))).toBe(false);
  expect(existsSync(inside('made-inside.txt'))).toBe(true);
  await expect(page.getByLabel('Transcript')).not.toContainText('OUTSIDE');

  const { exitCode } = await client.call('workspace.exec', {
    workspaceId: id,
    argv: ['cat', join(home, 'outside.txt')],
  });
  expect(exitCode).not.toBe(0);
  const { terminal } = await client.call('terminal.open', { workspaceId: id, rows: 24, cols: 80 });
  const socket = await client.connect();
  const text = 'cat ~/outside.txt; echo $((40+2)) >typed.txt\r';
  socket.send({ type: 'terminal_input', id: 1, terminalId: terminal.id, text });
  await expect.poll(() => existsSync(inside('typed.txt'))).toBe(true);
  socket.close();

  await page.getByRole('button', { name: 'Sandbox: workspace' }).click();
  await page.screenshot({ path: 'test-results/shots/sandbox-popover.png' });
  await page.getByRole('radio', { name: /^scripted/ }).click();
  await expect(page.getByRole('button', { name: 'Sandbox: scripted' })).toBeVisible();
  await page.keyboard.press('Escape');
  const agent = await addScriptedAgent(client, home, {});
  const { session } = await client.call('session.create', { workspaceId: id, agent, model: null });
  await client.call('session.prompt', { sessionId: session.id, text: 'say I am caged', model: null });
  await expect
    .poll(
      async () =>
        (await client.call('session.list', {})).sessions.find((one) => one.id === session.id)?.state,
      {
        timeout: 30_000,
      },
    )
    .toBe('done');
});

test('a sandbox that cannot be kept starts nothing, until a person overrides it', async ({ page, world }) => {
  prepare(world);
  const client = await signInBeside(world);
  const { id } = await makeWorkspace(client, world, { name: 'held' });
  await client.call('workspace.set_sandbox', { workspaceId: id, profile: 'slow' });
  await signIn(page, world.farhand.url);
  await page
    .getByRole('navigation', { name: 'Workspaces' })
    .getByRole('link', { name: /held/ })
    .first()
    .click();
  await prompt(page, 'Now look outside');
  const panel = page.getByRole('alert').filter({ hasText: 'sandbox.unavailable' });
  if ((await panel.count()) === 0) await expect(page.getByText(/limit “cpu”/).first()).toBeVisible();
  await page.screenshot({ path: 'test-results/shots/sandbox-unavailable.png' });
  const session = (await client.call('session.list', {})).sessions.find((one) => one.workspaceId === id);
  if (!session) throw new Error('there is no session');
  await expect
    .poll(
      async () =>
        (await client.call('session.list', {})).sessions.find((one) => one.id === session.id)?.state,
    )
    .not.toBe('working');
  expect(existsSync(join(world.sshd.home, 'made.txt'))).toBe(false);
  await page.getByRole('button', { name: 'Run this session without the sandbox' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Run without the sandbox?' });
  await page.screenshot({ path: 'test-results/shots/sandbox-confirm.png' });
  await dialog.getByRole('button', { name: 'Run without the sandbox' }).click();
  const head = page.getByRole('region', { name: 'Sandbox of this session' });
  await expect(head).toContainText('Not sandboxed');
  await expect.poll(() => existsSync(join(world.sshd.home, 'made.txt'))).toBe(true);
  await page.screenshot({ path: 'test-results/shots/sandbox-badge.png' });
  const { events } = await client.call('audit.search', { kinds: ['override'], sessionId: session.id });
  expect(events).toMatchObject([{ kind: 'override', actor: { kind: 'page' }, sessionId: session.id }]);
  await expect(head.getByRole('button', { name: 'Back to “slow”' })).toBeEnabled();
  await head.getByRole('button', { name: 'Back to “slow”' }).click();
  await expect(head).toBeHidden();

  const { stdout, code } = await world.farhand.cli('sandbox', 'check', world.sshd.alias, 'slow');
  expect(code).toBe(1);
  expect(stdout).toContain('limit “cpu”');
  expect(
    JSON.parse((await world.farhand.cli('sandbox', 'check', world.sshd.alias, '--json')).stdout),
  ).toMatchObject({
    check: { works: true },
  });

  await page.getByRole('button', { name: 'Settings' }).first().click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('navigation').getByRole('button', { name: 'Sandbox' }).click();
  await expect(settings).toContainText('[sandbox.profiles.wrong]: network');
  await settings.getByRole('button', { name: `Check ${world.sshd.alias}` }).click();
  await expect(settings).toContainText('Sandboxes work here');
  await page.screenshot({ path: 'test-results/shots/sandbox-settings.png' });
  await settings.getByRole('radio', { name: /^workspace/ }).click();
  await expect.poll(async () => (await client.call('sandbox.profiles', {})).defaultProfile).toBe('workspace');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: 'test-results/shots/sandbox-phone.png' });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: 'test-results/shots/sandbox-dark.png' });
});

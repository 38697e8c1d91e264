import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createWorkspace, signIn } from './support/page.ts';
import { signInBeside } from './support/places.ts';
import { untilReady } from './support/ready.ts';
import { expect, test, type World } from './support/world.ts';

const FAKE = join(import.meta.dirname, '../apps/server/src/coder/testing/fake-coder.mjs');
const PATH = process.env.PATH ?? '';
const folder = mkdtempSync(join(tmpdir(), 'farhand-coder-'));
const command = join(folder, 'coder');
const state = join(folder, 'state.json');

// A stand-in for Coder's command, found as a person's own would be: before the server starts.
test.beforeAll(() => {
  writeFileSync(command, `#!/bin/sh\nFAKE_CODER='${state}' exec '${process.execPath}' '${FAKE}' "$@"\n`);
  chmodSync(command, 0o755);
  process.env.PATH = `${folder}${delimiter}${PATH}`;
});
test.afterAll(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

/** As `coder config-ssh` writes it; the machine behind it is the world's sshd. */
function configSsh({ sshd }: World): void {
  const config = readFileSync(sshd.sshConfigPath, 'utf8');
  const identity = config
    .split('\n')
    .filter((line) => /^\s*(?:identityfile|identitiesonly|user)\b/i.test(line));
  const coder = [
    'Host coder.*',
    ...identity,
    '  StrictHostKeyChecking no',
    '  UserKnownHostsFile /dev/null',
    `  ProxyCommand ${command} ssh --stdio --ssh-host-prefix coder. %h`,
  ];
  writeFileSync(sshd.sshConfigPath, `${config}\n${coder.join('\n')}\n`);
}

const statusOf = (name: string): string => JSON.parse(readFileSync(state, 'utf8')).workspaces[name].status;

test('a workspace of Coder\u2019s is a host: started by connecting, stopped once nothing of ours runs there', async ({
  page,
  world,
}) => {
  writeFileSync(
    state,
    JSON.stringify({
      workspaces: { dev: { status: 'stopped' }, idle: { status: 'stopped' } },
      port: world.sshd.port,
    }),
  );
  configSsh(world);
  const client = await signInBeside(world);
  await signIn(page, world.farhand.url);

  await page.getByRole('button', { name: 'New workspace' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New workspace' });
  await dialog.getByRole('combobox', { name: 'Host' }).click();
  await expect(page.getByRole('option', { name: /^coder\.dev/ })).toContainText('starts when connected');
  await page.getByRole('option', { name: /^coder\.dev/ }).click();
  await expect(dialog).toContainText('dev is stopped. Connecting starts it');
  await page.keyboard.press('Escape');

  await createWorkspace(page, world, { name: 'there', host: 'coder.dev' });
  // The key is kept by Farhand, where the config would take any: so it is asked about once.
  await page.getByRole('button', { name: 'Trust and remember' }).click();
  const [workspace] = (await client.call('workspace.list', {})).workspaces;
  if (!workspace) throw new Error('there is no workspace');
  await untilReady(client, workspace.id);
  expect(statusOf('dev')).toBe('running');
  await client.call('terminal.open', { workspaceId: workspace.id, cols: 80, rows: 24 });

  await page.getByRole('button', { name: 'Settings' }).first().click();
  await page
    .getByRole('dialog', { name: 'Settings' })
    .getByRole('button', { name: /^Hosts/ })
    .click();
  const coder = page.getByRole('region', { name: 'Coder' });
  const row = (name: string) => coder.getByRole('listitem').filter({ hasText: `coder.${name}` });
  await row('idle').getByRole('button', { name: 'Start idle' }).click();
  await expect(row('idle')).toContainText('running');
  await row('dev').getByRole('button', { name: 'Stop dev' }).click();
  await expect(row('dev')).toContainText('Agents or terminals run on this Coder workspace');
  expect(statusOf('dev')).toBe('running');
  await row('dev').getByRole('button', { name: 'Stop anyway' }).click();
  await expect(row('dev')).toContainText('stopped');

  // It is not connected by itself, which would start it again; a person does.
  await page.keyboard.press('Escape');
  const notice = page.getByRole('alert').filter({ hasText: 'The machine of coder.dev is stopped' });
  await expect(notice).toBeVisible();
  expect(statusOf('dev')).toBe('stopped');
  await notice.getByRole('button', { name: 'Start and connect' }).click();
  await expect(notice).toBeHidden();
  await expect.poll(() => statusOf('dev')).toBe('running');
  expect(await world.farhand.cli('exec', 'there', '--', 'true')).toMatchObject({ code: 0 });

  // As by Coder's own autostop: the connection ends, and no try of ours to come back starts it.
  const { workspaces, ...rest } = JSON.parse(readFileSync(state, 'utf8'));
  writeFileSync(
    state,
    JSON.stringify({ ...rest, workspaces: { ...workspaces, dev: { status: 'stopped' } } }),
  );
  await expect(notice).toBeVisible();
  expect(statusOf('dev')).toBe('stopped');
  await notice.getByRole('button', { name: 'Start and connect' }).click();
  await expect(notice).toBeHidden();
  await expect.poll(() => statusOf('dev')).toBe('running');
});

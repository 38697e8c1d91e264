import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { createWorkspace, signIn } from './support/page.ts';
import { signInBeside } from './support/places.ts';
import { untilReady } from './support/ready.ts';
import { expect, test, type World } from './support/world.ts';

const configOf = ({ farhand }: World) => join(farhand.home, 'farhand', 'config.toml');

async function openHosts(page: Page) {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Settings' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: /^Hosts/ }).click();
  return dialog.getByRole('region', { name: 'Hosts' });
}

const rowOf = (hosts: ReturnType<Page['getByRole']>, name: string) =>
  hosts.getByRole('listitem').filter({ hasText: name }).first();

async function choose(page: Page, hosts: ReturnType<Page['getByRole']>, name: string, item: string) {
  await rowOf(hosts, name)
    .getByRole('button', { name: `More for ${name}` })
    .click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('a host is tested before it is saved, becomes the default, and is never replaced by this machine', async ({
  page,
  world,
}) => {
  await signIn(page, world.farhand.url);
  let hosts = await openHosts(page);
  await hosts.getByRole('button', { name: 'Add a host' }).click();
  const form = hosts.getByRole('form', { name: 'Add a host' });
  await form.getByLabel('Name').fill('prod');
  await form.getByLabel('Host', { exact: true }).fill(world.sshd.alias);
  await form.getByLabel('Port').fill('1');
  await form.getByRole('button', { name: 'Test' }).click();
  const tested = hosts.getByRole('region', { name: 'Test' });
  await expect(tested.locator('[data-step=connect]')).toHaveAttribute('data-state', 'failed');
  await expect(tested.locator('[data-step=shell]')).toHaveAttribute('data-state', 'skipped');

  await form.getByLabel('Port').fill('');
  await form.getByRole('button', { name: 'Test', exact: true }).click();
  for (const step of ['resolve', 'authenticate', 'shell', 'git', 'write_access'])
    await expect(tested.locator(`[data-step=${step}]`)).toHaveAttribute('data-state', 'ok');
  await expect(tested).toContainText(`calls itself ${hostname()}`);
  await expect(tested).toContainText(new RegExp(`ssh .*${world.sshd.alias}`));
  await form.getByLabel('Labels').fill('live');
  await form.getByRole('button', { name: 'Add it' }).click();
  await expect(rowOf(hosts, 'prod')).toContainText('live');
  expect(readFileSync(configOf(world), 'utf8')).toContain(`[hosts.prod]\nhost = "${world.sshd.alias}"`);

  const toDefault = rowOf(hosts, 'prod').getByRole('button', { name: 'Make default' });
  await toDefault.click();
  await expect(toDefault).toBeHidden();
  await expect(rowOf(hosts, 'prod')).toContainText('default');

  // The file is the other side of the page: what a person writes there is seen here, and their comments stay.
  const mine = `# my machines\n${readFileSync(configOf(world), 'utf8')}`.replace(
    '["live"]',
    '["live", "eu"] # both',
  );
  writeFileSync(configOf(world), mine);
  await expect(rowOf(hosts, 'prod')).toContainText('eu');
  await choose(page, hosts, 'prod', 'Turn off');
  await expect(rowOf(hosts, 'prod')).toContainText('off');
  expect(readFileSync(configOf(world), 'utf8')).toMatch(/^# my machines\n[\s\S]*# both/);

  // The default is off: it is refused, and nothing runs here instead.
  const refused = await world.farhand.cli('workspace', 'create', 'nowhere', '--project', world.repository);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('prod');

  // It is shown as off where new work begins, and cannot be chosen there.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New workspace' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New workspace' });
  const field = dialog.getByRole('combobox', { name: 'Host' });
  await expect(field).toHaveValue('prod');
  await expect(dialog.getByRole('alert')).toContainText('The host prod is disabled');
  await field.click();
  const offered = page.getByRole('option', { name: /^prod/ });
  await expect(offered).toContainText('off');
  await expect(offered).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('option', { name: /^This machine/ }).click();
  await expect(field).toHaveValue('This machine');
  await page.keyboard.press('Escape');
  hosts = await openHosts(page);
  await choose(page, hosts, 'prod', 'Turn on');

  await page.keyboard.press('Escape');
  await createWorkspace(page, world, { name: 'there', host: 'prod' });
  await expect(page.getByRole('button', { name: /^prod/ }).first()).toBeVisible();
  const client = await signInBeside(world);
  const [workspace] = (await client.call('workspace.list', {})).workspaces;
  if (!workspace) throw new Error('there is no workspace');
  expect((await untilReady(client, workspace.id)).hostId).toBe('prod');
  const runThere = () => world.farhand.cli('exec', 'there', '--', 'true');
  expect(await runThere()).toMatchObject({ code: 0 });

  hosts = await openHosts(page);
  await choose(page, hosts, 'prod', 'Remove…');
  await expect(rowOf(hosts, 'prod')).toContainText('A workspace is on prod');
  await rowOf(hosts, 'prod').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect.poll(() => readFileSync(configOf(world), 'utf8')).not.toContain('[hosts.prod]');
  const ran = await runThere();
  expect(ran.code).not.toBe(0);
  expect(ran.stderr).toContain('The host prod was removed');
});

test('a key that is not known is asked about beside the values that are tested, and trusted by a click', async ({
  page,
  world: { farhand, sshd },
}) => {
  const knownHosts = join(sshd.directory, 'known_hosts');
  writeFileSync(knownHosts, '');
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-lf', `${sshd.hostKeyPath}.pub`], {
    encoding: 'utf8',
  }).split(' ');
  await signIn(page, farhand.url);
  const hosts = await openHosts(page);
  await hosts.getByRole('button', { name: 'Add a host' }).click();
  await expect(hosts.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('lab');
  await hosts.getByLabel('Host', { exact: true }).fill(sshd.alias);
  await hosts.getByRole('button', { name: 'Test', exact: true }).click();
  const tested = hosts.getByRole('region', { name: 'Test' });
  await expect(tested).toContainText('has not been connected to');
  await expect(tested).toContainText(fingerprint);
  await tested.getByRole('button', { name: 'Refuse' }).click();
  await expect(tested.locator('[data-state=failed]')).toHaveCount(1);
  await expect(tested.locator('[data-step=shell]')).toHaveAttribute('data-state', 'skipped');
  expect(readFileSync(knownHosts, 'utf8')).toBe('');

  await tested.getByRole('button', { name: 'Test again' }).click();
  await expect(tested).toContainText(fingerprint);
  await tested.getByRole('button', { name: 'Trust and remember' }).click();
  await expect(tested.locator('[data-step=write_access]')).toHaveAttribute('data-state', 'ok');
  expect(readFileSync(knownHosts, 'utf8')).toContain('ssh-ed25519');
  // Nothing was written down of it but the key.
  await hosts.getByRole('button', { name: 'Cancel' }).click();
  await expect(hosts.getByRole('button', { name: 'Add a host' })).toBeFocused();
  await expect(hosts.getByRole('listitem').filter({ hasText: 'lab' })).toHaveCount(0);
  expect(existsSync(join(farhand.home, 'farhand', 'config.toml'))).toBe(false);
});

test('new work goes to the default, and elsewhere where a person says so', async ({ page, world }) => {
  const client = await signInBeside(world);
  await client.call('host.add', { name: 'box', record: { host: world.sshd.alias } });
  await client.call('host.set_default', { hostId: 'box' });
  await signIn(page, world.farhand.url);
  await page.getByRole('button', { name: 'New workspace' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New workspace' });
  await expect(dialog.getByRole('combobox', { name: 'Host' })).toHaveValue('box');
  await dialog.getByRole('combobox', { name: 'Host' }).click();
  await expect(page.getByRole('option', { name: /^box/ })).toContainText('default');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  const made = await world.farhand.cli(
    'workspace',
    'create',
    'by-default',
    '--project',
    world.repository,
    '--json',
  );
  expect(JSON.parse(made.stdout).workspace.hostId).toBe('box');
  const local = await world.farhand.cli(
    'workspace',
    'create',
    'here',
    '--project',
    world.repository,
    '--host',
    'local',
    '--json',
  );
  expect(JSON.parse(local.stdout).workspace.hostId).toBe('local');
});

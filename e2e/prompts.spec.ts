import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import type { Locator, Page } from '@playwright/test';
import { filesWith } from './support/files-with.ts';
import { createWorkspace, signIn } from './support/page.ts';
import { expect, test, type World } from './support/world.ts';

const PASSPHRASE = 'correct-horse-battery-42';

test('an unknown key and a locked key: the questions come with facts, and the answers connect', async ({
  page,
  world,
}) => {
  forgetHostKey(world.sshd);
  lockUserKey(world.sshd);
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'asked' });

  const question = questionIn(page);
  await expect(question).toContainText('asks whether to trust its key');
  await expect(question).toContainText(fingerprintOf(`${world.sshd.hostKeyPath}.pub`));
  await expect(question).toContainText('ED25519');
  await expect(needs(page).getByRole('link', { name: /asks whether to trust its key/ })).toHaveCount(1);
  await question.getByRole('button', { name: 'Trust and remember' }).click();

  await expect(question).toContainText('asks for a passphrase');
  await expect(question).toContainText('user_key');
  await expect(question.getByLabel('Passphrase')).toHaveAttribute('autocomplete', 'off');
  await question.getByLabel('Passphrase').fill(PASSPHRASE);
  await question.getByLabel('Remember until Farhand stops').check();
  await question.getByRole('button', { name: 'Answer' }).click();

  await expectReady(page);
  await expect(page.getByRole('region', { name: 'Needs you' })).toHaveCount(0);
  expect(readFileSync(join(world.sshd.directory, 'known_hosts'), 'utf8')).toContain('ssh-ed25519');

  // What was remembered is asked no more, and is found nowhere but in the server's memory.
  const logins = world.sshd.logins();
  world.sshd.killConnections();
  await expect.poll(() => world.sshd.logins()).toBeGreaterThan(logins);
  await expect(hostButton(page)).toContainText(/ms/);
  await expect(question).toHaveCount(0);
  expect(filesWith(world.folder, [PASSPHRASE])).toEqual([]);
  expect(world.farhand.printed).not.toContain(PASSPHRASE);
});

test('one question for all who wait: asked by the command line, answered in the browser', async ({
  page,
  world,
}) => {
  lockUserKey(world.sshd);
  await signIn(page, world.farhand.url);
  const made = ['first', 'second'].map((name) =>
    world.farhand.cli(
      'workspace',
      'create',
      name,
      '--project',
      world.repository,
      '--host',
      world.sshd.alias,
      '--branch',
      'main',
    ),
  );
  await expect(page.getByRole('link', { name: /^.*second/ })).toBeVisible();
  const need = needs(page).getByRole('link', { name: /asks for a passphrase/ });
  await expect(need).toHaveCount(1);
  expect((await world.farhand.cli('host', 'list')).stdout).toContain('asks for a passphrase');

  await page.keyboard.press('Alt+a');
  const dialog = page.getByRole('dialog', { name: /asks for a passphrase/ });
  await expect(dialog.getByLabel('Passphrase')).toBeFocused();
  await page.keyboard.type(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  for (const { code, stderr } of await Promise.all(made)) {
    expect(code).toBe(0);
    expect(stderr).toContain(`run \`farhand host answer ${world.sshd.alias}\``);
  }
  expect(world.sshd.logins()).toBe(1);
});

test('a refused key stays refused until somebody tries again', async ({ page, world }) => {
  forgetHostKey(world.sshd);
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'refused' });
  await questionIn(page).getByRole('button', { name: 'Refuse' }).click();

  const failure = page.getByRole('alert').filter({ hasText: 'host.' });
  await expect(failure).toBeVisible();
  await expect(hostButton(page)).toContainText('refused');
  expect(world.sshd.logins()).toBe(0);

  await failure.getByRole('button', { name: 'Retry from this step' }).click();
  await questionIn(page).getByRole('button', { name: 'Trust and remember' }).click();
  await expectReady(page);
});

test('a changed key shows both fingerprints and how to resolve it, and no way past it', async ({
  page,
  world,
}) => {
  const known = rememberOtherKey(world);
  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'changed' });

  const panel = page.getByRole('alert', { name: /key of .* has changed/ });
  await expect(panel).toContainText(known);
  await expect(panel).toContainText(fingerprintOf(`${world.sshd.hostKeyPath}.pub`));
  await expect(panel).toContainText(`${join(world.sshd.directory, 'known_hosts')}, line 1`);
  await expect(panel).toContainText('ssh-keygen');
  await expect(page.getByRole('button', { name: /trust|continue|anyway|ignore/i })).toHaveCount(0);
  expect(world.sshd.logins()).toBe(0);

  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel).toBeVisible();
  // As the panel says: the old key is removed by hand, then the new one is asked about.
  forgetHostKey(world.sshd);
  await page.getByRole('button', { name: 'Retry from this step' }).click();
  await questionIn(page).getByRole('button', { name: 'Trust and remember' }).click();
  await expectReady(page);
});

// Only root can make the account that has a password.
if (process.getuid?.() === 0) {
  test('a wrong password is asked again, the right one connects', async ({ page, world }) => {
    const password = 'open-sesame-1001';
    const host = await startSshd({ asUser: `fh-word-${process.pid}`, password });
    try {
      appendFileSync(world.sshd.sshConfigPath, configOf(host, 'with-password'));
      await signIn(page, world.farhand.url);
      await createWorkspace(page, world, { name: 'worded', host: 'with-password' });
      const question = questionIn(page);
      await expect(question).toContainText('asks for a password');
      await answerPassword(question, 'wrong-password');
      await expect.poll(() => host.log()).toContain('Failed password');
      await expect(question.getByLabel('Password')).toHaveValue('');
      await answerPassword(question, password);
      await expectReady(page);
      expect(filesWith(world.folder, [password, 'wrong-password'])).toEqual([]);
    } finally {
      await host.stop();
    }
  });
}

const questionIn = (page: Page): Locator => page.getByRole('region', { name: 'Question of the host' });
const needs = (page: Page): Locator => page.getByRole('region', { name: 'Needs you' });
const hostButton = (page: Page): Locator =>
  page.getByRole('main').getByRole('button', { name: /farhand-test/ });

async function expectReady(page: Page): Promise<void> {
  await expect(page.getByRole('textbox', { name: 'Message to the agent' })).toBeVisible({ timeout: 30_000 });
}

async function answerPassword(question: Locator, password: string): Promise<void> {
  await question.getByLabel('Password').fill(password);
  await question.getByRole('button', { name: 'Answer' }).click();
}

/** As `ssh-keygen -l` tells it: `SHA256:…`. */
function fingerprintOf(publicKeyPath: string): string {
  const [, fingerprint] = execFileSync('ssh-keygen', ['-lf', publicKeyPath], { encoding: 'utf8' }).split(' ');
  if (!fingerprint) throw new Error(`ssh-keygen told no fingerprint of ${publicKeyPath}`);
  return fingerprint;
}

function forgetHostKey({ directory }: TestSshd): void {
  writeFileSync(join(directory, 'known_hosts'), '');
}

function lockUserKey({ directory }: TestSshd): void {
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', PASSPHRASE, '-f', join(directory, 'user_key')]);
}

/** Puts a key on record that is not the host's; gives its fingerprint. */
function rememberOtherKey({ sshd, folder }: World): string {
  const path = join(folder, 'other_key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  const [kind, key] = readFileSync(`${path}.pub`, 'utf8').split(' ');
  writeFileSync(join(sshd.directory, 'known_hosts'), `[127.0.0.1]:${sshd.port} ${kind} ${key}\n`);
  return fingerprintOf(`${path}.pub`);
}

function configOf(host: TestSshd, alias: string): string {
  return [
    `Host ${alias}`,
    '  HostName 127.0.0.1',
    `  Port ${host.port}`,
    `  User ${host.user}`,
    '  IdentityAgent none',
    '  IdentityFile none',
    `  UserKnownHostsFile ${join(host.directory, 'known_hosts')}`,
    '  GlobalKnownHostsFile /dev/null',
    '',
  ].join('\n');
}

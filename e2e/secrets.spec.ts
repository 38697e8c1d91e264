import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { CallInput } from '@farhand/shared/protocol/calls';
import type { Page } from '@playwright/test';
import type { Client } from './support/client.ts';
import { filesWith } from './support/files-with.ts';
import { signIn } from './support/page.ts';
import { addScriptedAgent, makeWorkspace, signInBeside } from './support/places.ts';
import { PRINT_EVERYTHING } from './support/print-everything.ts';
import { watchArguments } from './support/watch-arguments.ts';
import { expect, test, type World } from './support/world.ts';

type Given = CallInput<'secret.set'>;
const canary = () => `canary-${randomBytes(15).toString('hex')}`;

test('secrets of every scope, form and kind reach the jobs they are for, and nothing else', async ({
  page,
  world,
}) => {
  addInit(world);
  const client = await signInBeside(world);
  const { project } = await client.call('project.add', { source: world.repository });
  const given = secretsFor({ project: project.id, host: world.sshd.alias });
  for (const one of given) await client.call('secret.set', one);
  const words = given.flatMap(({ value }) => value.trim().split('\n').flatMap(tellingForms));
  const shown: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => shown.push(payload.toString())),
  );
  page.on('response', async (response) => shown.push(await response.text().catch(() => '')));
  const watch = watchArguments(words);
  await signIn(page, world.farhand.url);

  const workspace = await makeWorkspace(client, world, { name: 'vault' });
  const outputs = {
    init: workspace.steps.find(({ name }) => name === 'setup')?.output ?? '',
    builtin: await turn(client, workspace, 'builtin', 'Print everything, please.'),
    acp: await turn(
      client,
      workspace,
      await addScriptedAgent(client, world.sshd.home),
      `terminal ${PRINT_EVERYTHING}`,
    ),
    exec: await execOutput(client, workspace),
    run: await runOutput(client, workspace),
    terminal: await terminalOutput(client, workspace),
  };
  const only = { init: 'ONLY_INIT', builtin: 'ONLY_AGENT', acp: 'ONLY_AGENT' } as Record<string, string>;
  for (const [job, output] of Object.entries(outputs)) {
    expect(output, job).toContain('shown-42');
    const names = new Set(output.match(/\b(?:VAR|FILE|ONLY)_[A-Z]+(?==)/g));
    expect([...names].toSorted(), job).toEqual([
      'FILE_ALL',
      'FILE_HOST',
      'FILE_PROJECT',
      only[job] ?? 'ONLY_TERMINAL',
      'VAR_ALL',
      'VAR_HOST',
      'VAR_PROJECT',
    ]);
    expect(output, job).toContain('[secret VAR_PROJECT]');
    expect(output, job).toContain('[secret FILE_HOST]');
    expect(
      words.filter((word) => output.replaceAll(/\s/g, '').includes(word)),
      job,
    ).toEqual([]);
  }

  const { found, looks } = watch.stop();
  expect(looks).toBeGreaterThan(50);
  expect(found).toEqual([]);
  const everySink = [...shown, world.farhand.printed, ...world.model.requests.map(({ text }) => text)].join(
    '\n',
  );
  expect(words.filter((word) => everySink.includes(word))).toEqual([]);
  const { hits } = await client.call('search.query', { text: 'canary' });
  expect(words.filter((word) => JSON.stringify(hits).includes(word))).toEqual([]);
  await world.farhand.stop();
  expect(filesWith(join(world.folder, 'farhand'), words)).toEqual([]);
  // What a program printed is the host's own file; no other there holds a value.
  const onHost = filesWith(world.sshd.home, words).filter((path) => !/\/jobs\/[^/]+\/out\.\d+$/.test(path));
  expect(onHost).toEqual([]);
  await world.farhand.start();

  const again = await signInBeside(world);
  const folders = secretFoldersOf(workspace.id);
  expect(folders.length).toBeGreaterThan(0);
  await again.call('workspace.delete', { workspaceId: workspace.id, force: true, forget: false });
  await expect.poll(() => secretFoldersOf(workspace.id)).toEqual([]);
});

test('set, hidden, changed, imported and removed on the page', async ({ page, world }) => {
  const client = await signInBeside(world);
  await client.call('project.add', { source: world.repository });
  await signIn(page, world.farhand.url);
  const settings = await openSecrets(page);
  const value = canary();
  await settings.getByLabel('Name').fill('TOKEN');
  await settings.getByLabel('Value').fill(value);
  await settings.getByRole('checkbox', { name: 'Setup' }).uncheck();
  await settings.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(settings.getByRole('listitem').filter({ hasText: 'TOKEN' })).toContainText(
    'Agents, Terminals',
  );

  await settings.getByText('Everywhere', { exact: true }).click();
  await settings.getByLabel('Name').fill('TOKEN');
  await settings.getByLabel('Value').fill(canary());
  await settings.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(settings.getByText('Hidden by the one of the project shop')).toBeVisible();

  await settings.getByRole('checkbox', { name: 'As a file' }).check();
  await settings.getByLabel('Name', { exact: true }).fill('KUBECONFIG');
  await settings.locator('form input[type=file]').setInputFiles({
    name: 'kube config.yaml',
    mimeType: 'text/yaml',
    buffer: Buffer.from(value),
  });
  await settings.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(settings.getByRole('listitem').filter({ hasText: 'KUBECONFIG' })).toContainText(
    'file kube_config.yaml',
  );

  await settings.getByRole('button', { name: 'Import a .env file' }).click();
  await settings
    .getByLabel('Content of the .env file')
    .fill(`export TOKEN="${value}"\nNEW_ONE=${value} # comment\nbroken line`);
  const preview = settings.getByRole('list', { name: 'What will be imported' });
  await expect(preview.getByRole('listitem')).toHaveText([
    'TOKENchanged',
    'NEW_ONEnew',
    'Line 3left out: not of the form NAME=value',
  ]);
  await expect(preview).not.toContainText(value);
  await picture(page, 'import');
  await settings.getByRole('button', { name: 'Import 2 secrets' }).click();
  await expect(settings.getByRole('listitem').filter({ hasText: 'NEW_ONE' })).toBeVisible();

  await settings.getByRole('button', { name: 'Remove NEW_ONE' }).click();
  await settings.getByRole('button', { name: 'Remove NEW_ONE for good' }).click();
  await expect(settings.getByRole('listitem').filter({ hasText: 'NEW_ONE' })).toBeHidden();
  expect((await client.call('secret.list', {})).secrets.map(({ name }) => name)).toEqual([
    'KUBECONFIG',
    'TOKEN',
    'TOKEN',
  ]);
  await picture(page, 'list');
  await page.setViewportSize({ width: 390, height: 844 });
  await picture(page, 'phone');
});

async function openSecrets(page: Page) {
  await page.keyboard.press('Control+,');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('button', { name: 'Secrets' }).click();
  return settings;
}

/** For a person who looks at it: only where they say where to. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FARHAND_E2E_PICTURES;
  if (!folder) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `secrets-${name}-${colorScheme}.png`) });
  }
}

/** The repository's own setup prints, too. */
function addInit({ repository }: World): void {
  mkdirSync(join(repository, '.farhand'), { recursive: true });
  const script = join(repository, '.farhand/init');
  writeFileSync(script, `#!/bin/sh\n${PRINT_EVERYTHING}\n`);
  chmodSync(script, 0o755);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: repository,
    });
  git('add', '.farhand');
  git('commit', '-q', '-m', 'Add a setup');
}

function secretsFor(ids: { project: string; host: string }): Given[] {
  const scopes = {
    PROJECT: { kind: 'project', projectId: ids.project },
    HOST: { kind: 'host', hostId: ids.host },
    ALL: { kind: 'global' },
  } as const;
  const variables = Object.entries(scopes).map(([name, scope]) => ({
    scope,
    name: `VAR_${name}`,
    value: canary(),
  }));
  const files = Object.entries(scopes).map(([name, scope]) => ({
    scope,
    name: `FILE_${name}`,
    value: `${canary()}\n${canary()}\n`,
    form: { kind: 'file' as const, fileName: 'key.pem' },
  }));
  const kinds = (['agent', 'terminal', 'init'] as const).map((kind) => ({
    scope: scopes.ALL,
    name: `ONLY_${kind.toUpperCase()}`,
    value: canary(),
    kinds: [kind],
  }));
  return [...variables, ...files, ...kinds];
}

/** What of a value would tell it: itself, its base64 at each place, its hex. */
function tellingForms(value: string): string[] {
  const bytes = Buffer.from(value);
  const inside = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)),
  );
  return [value, ...inside, bytes.toString('hex')];
}

/** All that a turn leaves in the transcript. */
async function turn(client: Client, workspace: Workspace, agent: string, text: string): Promise<string> {
  const { session } = await client.call('session.create', { workspaceId: workspace.id, agent, model: null });
  await client.call('session.prompt', { sessionId: session.id, text });
  const items = async () =>
    JSON.stringify((await client.call('session.items', { sessionId: session.id })).items);
  await expect.poll(items, { timeout: 60_000 }).toContain('shown-42');
  await expect
    .poll(async () => {
      const { sessions } = await client.call('session.list', {});
      return sessions.find(({ id }) => id === session.id)?.state;
    })
    .toBe('done');
  return (await items()).replaceAll('\\n', '\n');
}

async function execOutput(client: Client, { id }: Workspace): Promise<string> {
  const { stdout } = await client.call('workspace.exec', {
    workspaceId: id,
    argv: ['sh', '-c', PRINT_EVERYTHING],
  });
  return Buffer.from(stdout, 'base64').toString();
}

async function runOutput(client: Client, { id }: Workspace): Promise<string> {
  const { run } = await client.call('run.start', { workspaceId: id, argv: ['sh', '-c', PRINT_EVERYTHING] });
  const { output } = await client.call('run.get', { runId: run.id, waitMs: 30_000 });
  return Buffer.from(output.stdout, 'base64').toString();
}

async function terminalOutput(client: Client, { id }: Workspace): Promise<string> {
  const { terminal } = await client.call('terminal.open', { workspaceId: id, rows: 24, cols: 80 });
  const socket = await client.connect();
  let seen = '';
  const done = new Promise<void>((resolve) => {
    socket.onOutput = ({ bytes }) => {
      seen += Buffer.from(bytes).toString();
      if (seen.includes('shown-42')) resolve();
    };
  });
  socket.send({ type: 'subscribe', sub: 1, topic: { kind: 'terminal', terminalId: terminal.id, after: 0 } });
  socket.send({ type: 'terminal_input', id: 1, terminalId: terminal.id, text: `${PRINT_EVERYTHING}\n` });
  await done;
  socket.close();
  return seen;
}

/** On this machine, which is the host. */
function secretFoldersOf(workspaceId: string): string[] {
  const ours = readdirSync('/dev/shm').filter((name) => name.startsWith('farhand-'));
  return ours.map((name) => join('/dev/shm', name, workspaceId)).filter((path) => existsSync(path));
}

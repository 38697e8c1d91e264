import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from './support/client.ts';
import { filesWith } from './support/files-with.ts';
import { createWorkspace, prompt, signIn } from './support/page.ts';
import { watchArguments } from './support/watch-arguments.ts';
import { expect, test, type World } from './support/world.ts';

const SECRET = `canary-${randomBytes(12).toString('hex')}`;
const UNTRACKED = `untracked-${randomBytes(12).toString('hex')}`;
const OTHER_BRANCH = `branch-${randomBytes(12).toString('hex')}`;

test('a secret, our keys and what is not of the branch are found nowhere they do not belong', async ({
  page,
  world,
}) => {
  plant(world);
  const userKey = readFileSync(join(world.sshd.directory, 'user_key'), 'utf8').split('\n')[2] ?? '';
  const words = [SECRET, 'dummy-model-key', userKey];
  const shown: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => shown.push(payload.toString())),
  );
  page.on('response', async (response) => shown.push(await response.text().catch(() => '')));
  const watch = watchArguments(words);

  await signIn(page, world.farhand.url);
  await createWorkspace(page, world, { name: 'first' });
  await setSecret(page);
  await prompt(page, 'Show the secret, please.');
  await expect(page.getByText('The token was printed.')).toBeVisible();
  await page.locator('[data-tool="bash"] > button').click();
  await expect(page.getByRole('log', { name: 'Transcript' })).toContainText(
    'the token is [secret SHOP_TOKEN]',
  );
  await inATerminal(world);

  const { found, looks } = watch.stop();
  expect(looks).toBeGreaterThan(50);
  expect(found).toEqual([]);
  expect(words.filter((word) => shown.join('\n').includes(word))).toEqual([]);
  expect(words.filter((word) => world.farhand.printed.includes(word))).toEqual([]);
  // The model's own key is in the header that it is for, and in nothing else.
  const bodies = world.model.requests.map(({ text }) => text).join('\n');
  expect(bodies).toContain('[secret SHOP_TOKEN]');
  expect([...words, UNTRACKED, OTHER_BRANCH].filter((word) => bodies.includes(word))).toEqual([]);
  expect(filesWith(join(world.folder, 'farhand'), words)).toEqual([]);
  // The terminal's echo of what a command printed is the host's own file; nothing else there holds a value of ours.
  const onHost = filesWith(world.sshd.home, [...words, UNTRACKED]).filter(
    (path) => !/\/jobs\/[^/]+\/out\.\d+$/.test(path),
  );
  expect(onHost).toEqual([]);
  expectBranchStayed(world);
});

/** An ignored file and another branch in the project: neither may travel. */
function plant({ repository }: World): void {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: repository,
    });
  writeFileSync(join(repository, '.gitignore'), '.env\n');
  git('add', '.gitignore');
  git('commit', '-q', '-m', 'Ignore .env');
  git('checkout', '-q', '-b', 'private');
  writeFileSync(join(repository, 'private.txt'), OTHER_BRANCH);
  git('add', 'private.txt');
  git('commit', '-q', '-m', 'Keep this here');
  git('checkout', '-q', 'main');
  writeFileSync(join(repository, '.env'), UNTRACKED);
  git('config', 'http.extraHeader', `Authorization: ${UNTRACKED}`);
}

async function setSecret(page: Parameters<typeof prompt>[0]): Promise<void> {
  await page.keyboard.press('Control+,');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('button', { name: 'Secrets' }).click();
  await settings.getByLabel('Name').fill('SHOP_TOKEN');
  await settings.getByLabel('Value').fill(SECRET);
  await settings.getByRole('button', { name: /^(Add|Set|Save)/ }).click();
  await expect(settings.getByText('SHOP_TOKEN')).toBeVisible();
  await page.keyboard.press('Escape');
}

/** The shell of a terminal has the secret too, and its output is masked on the way to the browser. */
async function inATerminal(world: World): Promise<void> {
  const { stdout } = await world.farhand.cli('login-url');
  const client = await Client.signIn(stdout.trim());
  const { workspaces } = await client.call('workspace.list', {});
  const workspace = workspaces[0];
  if (!workspace) throw new Error('there is no workspace');
  const { terminal } = await client.call('terminal.open', { workspaceId: workspace.id, rows: 24, cols: 80 });
  const socket = await client.connect();
  let seen = '';
  const done = new Promise<void>((resolve) => {
    socket.onOutput = ({ bytes }) => {
      seen += Buffer.from(bytes).toString();
      if (seen.includes('done-42')) resolve();
    };
  });
  socket.send({ type: 'subscribe', sub: 1, topic: { kind: 'terminal', terminalId: terminal.id, after: 0 } });
  socket.send({
    type: 'terminal_input',
    id: 1,
    terminalId: terminal.id,
    text: 'echo "it is $SHOP_TOKEN"; echo done-$((6*7))\n',
  });
  await done;
  expect(seen).toContain('it is ');
  expect(seen).not.toContain(SECRET);
  socket.close();
}

function expectBranchStayed({ sshd }: World): void {
  const folder = execFileSync('find', [join(sshd.home, '.farhand'), '-type', 'd', '-name', 'objects'], {
    encoding: 'utf8',
  });
  const repositories = folder.trim().split('\n');
  expect(repositories.length).toBeGreaterThanOrEqual(2);
  for (const objects of repositories) {
    const all = execFileSync(
      'git',
      ['--git-dir', join(objects, '..'), 'cat-file', '--batch-all-objects', '--batch'],
      { encoding: 'latin1' },
    );
    expect(all).toContain('Open the shop');
    expect(all).not.toContain(OTHER_BRANCH);
    expect(all).not.toContain(UNTRACKED);
  }
}

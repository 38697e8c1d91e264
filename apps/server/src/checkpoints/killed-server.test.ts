import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelServer, startModelServer } from '@farhand/shared/testing/model-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KillableServer, killableServer } from '../cli/testing/killable-server.ts';

const LONG = { timeout: 30_000 };

/** Servers from their sources take seconds to start. */
describe('a rewind by a server that is killed', { timeout: 120_000 }, () => {
  let folder: string;
  let model: ModelServer;
  let server: KillableServer;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-rewind-killed-'));
    model = await startModelServer(({ step }) =>
      step > 0
        ? [{ text: 'done' }]
        : [
            {
              call: {
                name: 'bash',
                arguments: {
                  command: 'echo two >README.md; mkdir -p d; for i in 1 2 3 4 5; do echo $i >d/$i; done',
                },
              },
            },
          ],
    );
    server = killableServer(folder, model.url);
    // Git halts where it is told to: at the writing of the files.
    mkdirSync(join(folder, 'bin'));
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const text = `#!/bin/sh
case " $* " in
  *" read-tree -m -u "*) if [ -e '${folder}/halt' ]; then touch '${folder}/halted'; rm -f d/1 d/2; while [ -e '${folder}/halt' ]; do sleep 0.05; done; exit 1; fi ;;
esac
exec '${git}' "$@"
`;
    writeFileSync(join(folder, 'bin/git'), text, { mode: 0o755 });
    for (const name of ['.profile', '.bash_profile', '.zprofile'])
      writeFileSync(join(folder, name), `export PATH='${folder}/bin':"$PATH"\n`);
  });
  afterEach(async () => {
    rmSync(join(folder, 'halt'), { force: true });
    await server.kill();
    await model.close();
    rmSync(folder, { recursive: true, maxRetries: 10 });
  });

  it('is brought to its end by the next one', async () => {
    await server.serve();
    const { workspace, session } = await open();
    await server.call('approval.set_default_policy', { policy: 'never' });
    await server.call('workspace.set_policy', { workspaceId: workspace.id, policy: 'never' });
    await server.call('session.prompt', { sessionId: session.id, text: 'go' });
    const file = (name: string) => join(workspace.directory ?? '', name);
    const checkpoints = async () =>
      (await server.call('checkpoint.list', { sessionId: session.id })).checkpoints;
    await expect.poll(() => existsSync(file('d/5')), LONG).toBe(true);
    const preview = async () => {
      const [first] = await checkpoints();
      return first
        ? (await server.call('checkpoint.preview', { sessionId: session.id, to: first.id })).preview
        : null;
    };
    await expect.poll(async () => (await preview())?.isOriginKnown, LONG).toBe(true);
    const [turn] = await checkpoints();
    if (!turn) throw new Error('there is no checkpoint');
    writeFileSync(join(folder, 'halt'), '');
    const asked = { sessionId: session.id, to: turn.id, what: 'both' as const };
    const rewound = server.call('checkpoint.rewind', asked).catch(() => null);
    await expect.poll(() => existsSync(join(folder, 'halted')), LONG).toBe(true);
    await server.kill();
    await rewound;
    // Half of it is done.
    expect(existsSync(file('d/1'))).toBe(false);
    expect(existsSync(file('d/5'))).toBe(true);
    rmSync(join(folder, 'halt'));
    await server.serve();
    await expect.poll(() => readFileSync(file('README.md'), 'utf8'), LONG).toBe('# Shop\n');
    await expect.poll(() => existsSync(file('d')), LONG).toBe(false);
    const undo = (await checkpoints()).find(({ kind }) => kind === 'undo');
    if (!undo) throw new Error('there is no way back');
    const back = { sessionId: session.id, to: undo.id, what: 'both' as const };
    await expect
      .poll(
        () =>
          server.call('checkpoint.rewind', back).then(
            () => true,
            () => false,
          ),
        LONG,
      )
      .toBe(true);
    expect(readFileSync(file('d/1'), 'utf8')).toBe('1\n');
    expect(readFileSync(file('README.md'), 'utf8')).toBe('two\n');
  });

  async function open() {
    const path = join(folder, 'shop');
    mkdirSync(path);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: path });
    git('init', '-q', '-b', 'main');
    writeFileSync(join(path, 'README.md'), '# Shop\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    const { project } = await server.call('project.add', { source: path });
    const made = await server.call('workspace.create', {
      projectId: project.id,
      host: 'local',
      branch: 'main',
      name: 'fix',
    });
    const now = async () =>
      (await server.call('workspace.list', {})).workspaces.find(({ id }) => id === made.workspace.id);
    await expect.poll(async () => (await now())?.state, LONG).toBe('ready');
    const workspace = await now();
    if (!workspace) throw new Error('the workspace is gone');
    return {
      workspace,
      session: (await server.call('session.create', { workspaceId: workspace.id })).session,
    };
  }
});

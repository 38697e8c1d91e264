import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { outcomeOf } from '../workspaces/testing/bench.ts';
import { ForkBench } from './testing/fork-bench.ts';

let sshd: TestSshd;
let far: Runtime;
let bench: ForkBench;
let projectId: ProjectId;

beforeAll(async () => {
  sshd = await startSshd();
  far = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
});
afterAll(async () => {
  await far.close();
  await sshd.stop();
});
beforeEach(async () => {
  bench = await ForkBench.start({
    others: [far],
    script: [
      [{ call: { name: 'bash', arguments: { command: 'echo made >made', description: 'x' } } }],
      [{ text: 'One.' }],
      [{ text: 'Two.' }],
    ],
  });
  const shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.write('src/cart.ts', 'export const total = 1;\n');
  shop.write('tool.sh', '#!/bin/sh\necho tool\n', 0o755);
  shop.write('.gitattributes', '*.txt text=auto\n*.bat eol=crlf\n');
  shop.write('.gitignore', 'ignored\n');
  shop.commit('first');
  ({ id: projectId } = await bench.server.projects.add(shop.path));
});
afterEach(() => bench.close());

const isSettled = ({ state }: Workspace) => state !== 'creating' && state !== 'archiving';
const LOOK =
  'git symbolic-ref HEAD; git for-each-ref --format="%(objectname) %(refname)" refs/heads refs/tags; git stash list --format=%H; git status --porcelain -z | tr "\\0" "\\n"; find . -path ./.git -prune -o \\( -type f -o -type l \\) -print0 | sort -z | xargs -0 sh -c \'for f do ls -ld "$f" | cut -c 1-10; [ -L "$f" ] || cksum <"$f"; printf "%s\\n" "$f"; done\' x';
const WORK = `git config user.name a; git config user.email a@b
  echo committed >new.txt; git add new.txt; git commit -qm second; git tag v1; git branch other HEAD~1
  echo s1 >>README.md; git stash -q; echo s2 >>README.md; git stash -q
  git mv src/cart.ts src/basket.ts; echo changed >>src/basket.ts; rm README.md
  echo staged >staged; git add staged; printf 'a\\r\\nb\\n' >lines.bat; printf 'run\\n' >run; chmod +x run
  mkdir -p 'odd dir'; echo odd >'odd dir/sp ace "q" $(x) ;'; echo tab >"$(printf 'tab\\there')"; echo u >'ümlaut'; ln -s nowhere link
  printf 'bytes' >"$(printf 'b\\377d')"; echo no >ignored`;
const away = (runtime: Runtime): Runtime => {
  const refuse = async () => {
    throw new FarhandError('host.unreachable');
  };
  return { ...runtime, exec: refuse, facts: refuse, jobs: { ...runtime.jobs, list: refuse } };
};
const archivesLeft = () => {
  const folder = path.join(bench.folder, 'archives');
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe('a fork of a workspace', { timeout: 60_000 }, () => {
  it('has all of its work on another host, with its policy, and leaves it as it is', async () => {
    const { workspaces, forks } = bench.server;
    const made = await bench.make(projectId);
    bench.run(made, WORK);
    bench.run(made, 'mkdir .farhand; echo "echo set up by the fork" >.farhand/init');
    const before = bench.run(made, LOOK);
    const index = bench.run(made, 'cksum <.git/index');
    const forked = forks.fork({ workspaceId: made.id, name: 'other way', host: far.hostId });
    expect(forked).toMatchObject({
      state: 'creating',
      hostId: far.hostId,
      approvalPolicy: 'never',
      fork: { workspaceId: made.id, comparisonId: null },
    });
    const ready = await bench.until(forked.id, isSettled);
    expect(outcomeOf(ready)).toBe('ready');
    expect(ready.directory?.startsWith(sshd.home)).toBe(true);
    expect(ready.steps[4]).toMatchObject({ state: 'done', output: 'set up by the fork\n' });
    // What is ignored stays behind; the index is that of the last commit.
    expect(bench.run(ready, 'git reset -q; ls ignored 2>/dev/null || echo none')).toBe('none\n');
    expect(bench.run(made, 'cksum <.git/index')).toBe(index);
    expect(bench.run(made, LOOK)).toBe(before);
    bench.run(made, 'git reset -q; rm ignored');
    expect(bench.run(ready, LOOK)).toBe(bench.run(made, LOOK));
    await expect.poll(archivesLeft).toEqual([]);
    expect(workspaces.get(forked.id).archive).toBeNull();

    bench.run(ready, 'echo of the fork >>run');
    const again = await bench.until(
      forks.fork({ workspaceId: ready.id, name: 'and back', host: 'local' }).id,
      isSettled,
    );
    expect(outcomeOf(again)).toBe('ready');
    expect(bench.run(again, 'cat run')).toBe('run\nof the fork\n');
    expect(bench.run(made, 'cat run')).toBe('run\n');
    expect(() => forks.fork({ workspaceId: made.id, name: 'other way', host: null })).toThrow(/already/);
    await workspaces.delete(ready.id, { force: true, forget: false });
  });

  it('is made while an agent writes, of an archived workspace too, and of none that is missing', async () => {
    const { workspaces, forks } = bench.server;
    const made = await bench.make(projectId);
    bench.run(made, `${WORK}; git reset -q`);
    const job = `while :; do echo x >churn; rm churn; done`;
    const writing = workspaces.exec(made.id, ['timeout', '20', 'sh', '-c', job]);
    const forked = await bench.until(
      forks.fork({ workspaceId: made.id, name: 'busy', host: null }).id,
      isSettled,
    );
    expect(outcomeOf(forked)).toBe('ready');
    await workspaces.archive(made.id);
    await writing;
    const kept = await bench.until(
      forks.fork({ workspaceId: made.id, name: 'kept', host: null }).id,
      isSettled,
    );
    expect(outcomeOf(kept)).toBe('ready');
    expect(bench.run(kept, 'rm -f churn ignored; cat run')).toBe('run\n');
    expect(workspaces.get(made.id)).toMatchObject({ state: 'archived', archive: { at: expect.any(String) } });
    workspaces.restore(made.id);
    await bench.until(made.id, isSettled);
    bench.run(made, 'cd ..; rm -rf "$OLDPWD"');
    await expect(workspaces.changes(made.id)).rejects.toMatchObject({ code: 'workspace.missing' });
    expect(() => forks.fork({ workspaceId: made.id, name: 'gone', host: null })).toThrow(
      /gone from the host/,
    );
  });

  it('shows why its work could not be taken, and is retried from there, also after a restart', async () => {
    const made = await bench.make(projectId);
    bench.run(made, 'echo work >new');
    bench.replaceRuntimes(away);
    const { id } = bench.server.forks.fork({ workspaceId: made.id, name: 'later', host: far.hostId });
    const failed = await bench.until(id, isSettled);
    expect(failed.state).toBe('failed');
    expect(failed.steps[0]).toMatchObject({
      name: 'connect',
      state: 'failed',
      error: { code: 'host.unreachable' },
    });
    bench.replaceRuntimes(null);
    bench.run(
      made,
      'git init -q inner; git -C inner -c user.name=a -c user.email=a@b commit -q --allow-empty -m x',
    );
    await bench.restart();
    bench.server.workspaces.retry(id);
    const refused = await bench.until(id, isSettled);
    expect(refused.steps[0]?.error).toMatchObject({
      code: 'workspace.fork_refused',
      message: expect.stringContaining('inner'),
    });
    bench.run(made, 'rm -rf inner');
    bench.server.workspaces.retry(id);
    expect(outcomeOf(await bench.until(id, isSettled))).toBe('ready');
    expect(bench.run(bench.server.workspaces.get(id), 'cat new')).toBe('work\n');
  });

  it('goes on from what was captured after a restart in the middle, though the source has gone', async () => {
    const made = await bench.make(projectId);
    bench.run(made, 'echo work >new');
    let stop = () => {};
    const reached = new Promise<void>((resolve) => (stop = resolve));
    bench.replaceRuntimes((runtime) => ({
      ...runtime,
      exec: async (command, options) => {
        if (!JSON.stringify(command).includes('stash store')) return runtime.exec(command, options);
        stop();
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(new Error('cut')));
        });
      },
    }));
    const { id } = bench.server.forks.fork({ workspaceId: made.id, name: 'kept', host: far.hostId });
    await reached;
    await bench.server.workspaces.delete(made.id, { force: true, forget: false });
    bench.replaceRuntimes(null);
    await bench.restart();
    const ready = await bench.until(id, isSettled);
    expect(outcomeOf(ready)).toBe('ready');
    expect(bench.run(ready, 'cat new; git status --porcelain')).toBe('work\n?? new\n');
    await expect.poll(archivesLeft).toEqual([]);
  });

  it('takes nothing that its host was never given', async () => {
    const shop = bench.repository();
    const former = shop.git('rev-parse', 'HEAD');
    shop.write('README.md', '# New\n');
    shop.commit('second');
    const { workspaces, forks } = bench.server;
    const input = { projectId, host: 'local', name: 'tree', branch: 'main', transfer: 'tree_only' } as const;
    const made = await bench.until((await workspaces.create(input)).id, isSettled);
    bench.run(
      made,
      `printf 'tree %s\\nparent ${former}\\nauthor e <e@e> 1700000000 +0000\\ncommitter e <e@e> 1700000000 +0000\\n\\nx\\n' "$(git rev-parse 'HEAD^{tree}')" >c
       x=$(git hash-object -t commit -w --literally c); rm c; echo "$x" >.git/shallow; git update-ref refs/heads/theft "$x"`,
    );
    const failed = await bench.until(
      forks.fork({ workspaceId: made.id, name: 'theft', host: far.hostId }).id,
      isSettled,
    );
    expect(failed.steps[0]?.error).toMatchObject({
      code: 'workspace.fork_refused',
      message: expect.stringContaining(former.slice(0, 12)),
    });
    expect(failed.directory).toBeNull();
  });
});

describe('a fork of a session', { timeout: 60_000 }, () => {
  it('brings what was said, and what the model knows of it', async () => {
    const { sessions, transcripts, forks } = bench.server;
    const made = await bench.make(projectId);
    const { id } = sessions.create(made.id, null);
    sessions.prompt(id, 'make it', { model: null });
    await bench.when(() => (sessions.get(id).state === 'done' ? true : null));
    sessions.rename(id, 'My title');
    const input = { sessionId: id, name: 'again', host: far.hostId };
    const copied = await forks.forkSession({ ...input, withHistory: true });
    expect(copied.session).toMatchObject({
      title: 'My title',
      parent: { sessionId: id, kind: 'fork' },
      state: 'idle',
    });
    expect(() => sessions.prompt(copied.session.id, 'more', { model: null })).toThrow(/not ready/);
    const [before, after] = [transcripts.items(id), transcripts.items(copied.session.id)];
    expect(after.map(({ kind }) => kind)).toEqual(before.map(({ kind }) => kind));
    expect(after.filter((item) => item.kind === 'tool_call')).toMatchObject([{ jobId: null, state: 'done' }]);
    expect(new Set([...before, ...after].map((item) => item.id)).size).toBe(before.length * 2);
    const ready = await bench.until(copied.workspace.id, isSettled);
    expect(bench.run(ready, 'cat made')).toBe('made\n');
    sessions.prompt(copied.session.id, 'and now', { model: null });
    await bench.when(() => (sessions.get(copied.session.id).state === 'done' ? true : null));
    expect(bench.model.requests.at(-1)?.text).toContain('make it');
    const empty = await forks.forkSession({ ...input, name: 'empty', withHistory: false });
    expect(transcripts.items(empty.session.id)).toEqual([]);
    await bench.until(empty.workspace.id, isSettled);
  });
});

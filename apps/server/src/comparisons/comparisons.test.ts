import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { Comparison, Variant } from '@farhand/shared/model/comparisons';
import type { HostId } from '@farhand/shared/model/hosts';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForkBench } from '../forks/testing/fork-bench.ts';

const SECRET = 'canary-compare-5512';
const bash = (command: string): ModelStep => ({
  call: { name: 'bash', arguments: { command, description: 'x' } },
});
// What each of three models does with the same prompt.
const WORK = [
  'echo one >answer; echo more >>README.md; printf "#!/bin/sh\\necho t\\n" >tool.sh; chmod +x tool.sh; git rm -q old.txt; git add -A; git -c user.name=a -c user.email=a@b commit -qm done',
  'echo two >answer; mkdir -p "odd dir"; echo "of two" >"odd dir/sp ace (x)"; ln -s /etc/passwd leak; ln -s /etc linked',
  'echo bad >answer',
];

let sshd: TestSshd;
let far: Runtime;
let bench: ForkBench;
let made: Workspace;
let openGate: () => void;

beforeAll(async () => {
  sshd = await startSshd();
  far = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
});
afterAll(async () => {
  await far.close();
  await sshd.stop();
});
beforeEach(async () => {
  const gate = new Promise<void>((resolve) => (openGate = resolve));
  bench = await ForkBench.start({
    others: [far],
    testLimitMs: 60_000,
    script({ text, step }) {
      const which = /fix-checkout-builtin-(\d)/.exec(text)?.[1];
      if (step > 0) return [{ text: 'Done.', ...(which === '3' ? { gate } : {}) }];
      return [bash(WORK[Number(which) - 1] ?? 'false')];
    },
  });
  const shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.write('old.txt', 'old\n');
  shop.commit('first');
  const { id: projectId } = await bench.server.projects.add(shop.path);
  bench.server.secrets.set({ kind: 'project', projectId }, 'TOKEN', SECRET);
  made = await bench.make(projectId);
  // Not the variants' doing: none of it may be counted.
  bench.run(made, 'echo uncommitted >>README.md; seq 100 >untracked');
});
afterEach(async () => {
  openGate();
  await bench.close();
});

const start = (hosts: (string | null)[], testCommand: string | null = null) =>
  bench.server.comparisons.start({
    workspaceId: made.id,
    prompt: 'answer',
    testCommand,
    variants: hosts.map((host) => ({ agent: 'builtin', model: null, host })),
  });
const when = ({ id }: Comparison, holds: (variants: Variant[]) => boolean) =>
  bench.when(() => {
    const found = bench.server.comparisons.list().find((one) => one.id === id);
    return found && holds(found.variants) ? found : null;
  });
const workspaceOf = ({ workspaceId }: Variant): Workspace => {
  const found = bench.server.workspaces.list().find(({ id }) => id === workspaceId);
  if (!found) throw new Error('the variant has no workspace');
  return found;
};
const TESTS = 'echo "testing with $TOKEN"; head -c 40000 /dev/zero | tr "\\\\0" x; grep -v bad answer';
const isTested = ({ test }: Variant) => test?.state === 'passed' || test?.state === 'failed';

describe('a comparison', { timeout: 60_000 }, () => {
  it('gives one prompt to three forks over two hosts, counts, tests, keeps one and discards the rest', async () => {
    const { comparisons, workspaces } = bench.server;
    const begun = start([null, far.hostId, 'local'], TESTS);
    expect(begun.variants.map(({ state, hostId }) => `${state} ${hostId}`)).toEqual([
      'making local',
      `making ${far.hostId}`,
      'making local',
    ]);
    await when(begun, (all) => all.slice(0, 2).every(isTested) && all[2]?.state === 'working');
    expect(workspaces.list().filter(({ fork }) => fork?.comparisonId === begun.id).length).toBe(3);

    openGate();
    const { variants } = await when(begun, (all) => all.every(isTested));
    expect(variants.map(({ state, diff, test }) => [state, diff, test?.state])).toEqual([
      ['done', { files: 4, additions: 4, deletions: 1 }, 'passed'],
      ['done', { files: 4, additions: 4, deletions: 0 }, 'passed'],
      ['done', { files: 1, additions: 1, deletions: 0 }, 'failed'],
    ]);
    const [one, two, three] = variants as [Variant, Variant, Variant];
    for (const { test, startedAt, endedAt } of variants) {
      expect(test?.output.length).toBeLessThanOrEqual(16 * 1024);
      expect(test?.durationMs).toBeGreaterThan(0);
      expect(Date.parse(endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(startedAt ?? ''));
    }
    const leaking = `echo ${SECRET}`;
    const refusal = expect.objectContaining({ message: expect.stringContaining('the value of a secret') });
    expect(() => start([null], leaking)).toThrow(refusal);
    expect(() =>
      comparisons.test({ comparisonId: begun.id, variantId: one.id, testCommand: leaking }),
    ).toThrow(refusal);
    comparisons.test({ comparisonId: begun.id, variantId: one.id, testCommand: 'echo "$TOKEN"; exit 3' });
    const again = await when(begun, ([first]) => first?.test?.state === 'failed');
    expect(again).toMatchObject({ testCommand: 'echo "$TOKEN"; exit 3' });
    expect(again.variants[0]?.test?.output).toBe('[secret TOKEN]\n');

    const take = (from: Variant, to: Variant, paths: string[]) =>
      comparisons.takeFiles({ comparisonId: begun.id, from: from.id, to: to.id, paths });
    await take(two, one, ['odd dir/sp ace (x)', 'answer']);
    await take(one, two, ['tool.sh', 'old.txt']);
    expect(bench.run(workspaceOf(one), 'cat answer odd*/sp*; git status --porcelain | sort')).toBe(
      'two\nof two\n M answer\n?? "odd dir/"\n',
    );
    expect(
      bench.run(
        workspaceOf(two),
        './tool.sh; ls old.txt 2>/dev/null || echo gone; git diff --cached --name-only',
      ),
    ).toBe('t\ngone\n');

    comparisons.keep({ comparisonId: begun.id, variantId: one.id });
    expect(() => comparisons.discard(begun.id, one.id)).toThrow(/kept/);
    const folders = [two, three].map((one) => workspaceOf(one).directory ?? '');
    comparisons.discard(begun.id, null);
    const left = await when(
      begun,
      (all) => all.filter(({ workspaceId }) => workspaceId === null).length === 2,
    );
    expect(left.variants.map(({ state }) => state)).toEqual(['done', 'discarded', 'discarded']);
    expect(folders.map(existsSync)).toEqual([false, false]);
    expect(workspaceOf(one).state).toBe('ready');
    // That of the agent's own command; those of the tests are gone.
    await expect.poll(async () => (await bench.local.jobs.list(one.workspaceId ?? '')).length).toBe(1);

    await workspaces.delete(workspaceOf(one).id, { force: true, forget: false });
    await when(begun, (all) => all.every(({ state }) => state === 'discarded'));
    comparisons.remove(begun.id);
    expect(comparisons.list()).toEqual([]);
    expect(readdirSync(path.join(bench.folder, 'archives'))).toEqual([]);
  });

  it('captures once, so that all begin from the same moment', async () => {
    let captures = 0;
    bench.replaceRuntimes((runtime) => ({
      ...runtime,
      exec(command, options) {
        if (JSON.stringify(command).includes('Uncommitted work')) captures += 1;
        return runtime.exec(command, options);
      },
    }));
    const begun = start([null, null, null, null, null, null]);
    let most = 0;
    const running = () =>
      begun.variants.filter((one) => workspaceOf(one).steps.some(({ state }) => state === 'running'));
    await when(begun, (all) => {
      most = Math.max(most, running().length);
      return all.every(({ state }) => state !== 'making');
    });
    expect(captures).toBe(1);
    expect(most).toBeLessThanOrEqual(4);
    bench.replaceRuntimes(null);
  });

  it('goes on after restarts: while forks are made, while agents work, while tests run', async () => {
    const gate = path.join(bench.folder, 'go');
    const begun = start(
      [null, far.hostId, 'local'],
      `while [ ! -e '${gate}' ]; do sleep 0.05; done; echo tested; cat answer`,
    );
    await when(begun, (all) => all.some((one) => workspaceOf(one).archive !== null));
    await bench.restart();
    await when(begun, (all) => all.every(({ state }) => state !== 'making') && all[2]?.state === 'working');
    await bench.restart();
    openGate();
    await when(begun, (all) => all.every(({ test }) => test?.state === 'running'));
    await bench.restart();
    bench.run(made, `touch '${gate}'`);
    const { variants } = await when(begun, (all) => all.every(isTested));
    expect(variants.map(({ state, test }) => [state, test?.state, test?.output])).toEqual([
      ['done', 'passed', 'tested\none\n'],
      ['done', 'passed', 'tested\ntwo\n'],
      ['done', 'passed', 'tested\nbad\n'],
    ]);
    for (const { sessionId } of variants) {
      const items = sessionId === null ? [] : bench.server.transcripts.items(sessionId);
      expect(items.filter(({ kind }) => kind === 'user_message').length).toBe(1);
    }
    expect(variants.map(({ diff }) => diff?.files)).toEqual([4, 4, 1]);
  });

  it('says why a variant could not be made or work, and takes it up where that is mended', async () => {
    bench.run(
      made,
      'git init -q inner; git -C inner -c user.name=a -c user.email=a@b commit -q --allow-empty -m x',
    );
    const begun = start([null]);
    const failed = await when(begun, ([one]) => one?.state === 'failed');
    expect(failed.variants[0]?.error).toMatchObject({ code: 'workspace.fork_refused' });
    bench.run(made, 'rm -rf inner');
    bench.server.workspaces.retry(failed.variants[0]?.workspaceId as Workspace['id']);
    await when(begun, ([one]) => one?.state === 'done');
    expect(() => start(['-bad'])).toThrow(/host name/);
    expect(bench.server.comparisons.list().length).toBe(1);
    expect(bench.server.workspaces.list().length).toBe(2);
  });
});

describe('files taken from one variant to another', { timeout: 60_000 }, () => {
  it('are regular ones inside the workspace; links are followed nowhere, and nothing is changed otherwise', async () => {
    const { comparisons } = bench.server;
    const begun = start([null, far.hostId]);
    const { variants } = await when(begun, (all) => all.every(({ state }) => state === 'done'));
    const [one, two] = variants as [Variant, Variant];
    const take = (from: Variant, to: Variant, paths: string[]) =>
      comparisons.takeFiles({ comparisonId: begun.id, from: from.id, to: to.id, paths });
    const refusal = { code: 'comparison.files_refused' };
    const outside = path.join(bench.folder, 'outside');
    bench.run(
      workspaceOf(one),
      `mkdir '${outside}' here; echo kept >'${outside}/file'; echo kept >here/file; ln -s '${outside}' linked; ln -s '${outside}/file' final`,
    );
    bench.run(
      workspaceOf(two),
      'rm linked; mkdir linked; echo evil >linked/file; echo evil >here; echo evil >final; truncate -s 65M large; mkdir -p .git/x sub',
    );
    for (const bad of [
      '/etc/passwd',
      '../outside/file',
      '.git/config',
      'sub/.GIT/hooks',
      'a//b',
      './answer',
      'a\0b',
      '',
    ])
      await expect(take(two, one, [bad])).rejects.toMatchObject(refusal);
    for (const bad of ['leak', 'sub', 'large', 'linked/file', 'here'])
      await expect(take(two, one, ['answer', bad]), bad).rejects.toMatchObject(refusal);
    // A path behind a link of the giver is no file of its workspace.
    await expect(take(one, two, ['linked/file'])).rejects.toMatchObject(refusal);
    expect(bench.run(workspaceOf(one), `cat answer '${outside}/file' here/file`)).toBe('one\nkept\nkept\n');
    await take(two, one, ['final']);
    expect(bench.run(workspaceOf(one), `cat final '${outside}/file'`)).toBe('evil\nkept\n');
    await expect(take(two, { ...one, id: '9' }, ['answer'])).rejects.toMatchObject({
      code: 'comparison.variant_not_found',
    });
  });

  it('are refused where a host sends what was not asked for', async () => {
    const { comparisons } = bench.server;
    const begun = start([null, far.hostId]);
    const { variants } = await when(begun, (all) => all.every(({ state }) => state === 'done'));
    const [one, two] = variants as [Variant, Variant];
    const take = () =>
      comparisons.takeFiles({ comparisonId: begun.id, from: two.id, to: one.id, paths: ['answer'] });
    const lie = (made: string) =>
      bench.replaceRuntimes((runtime) => ({
        ...runtime,
        exec(command, options) {
          if (!('argv' in command)) return runtime.exec(command, options);
          const argv = command.argv.map((word) => word.replace('tree=$(side write-tree)', made));
          return runtime.exec({ argv: argv as [string, ...string[]] }, options);
        },
      }));
    const blob = 'b=$(echo evil | side hash-object -w --stdin)';
    for (const [entry, name] of [
      ['100644 blob', 'other'],
      ['120000 blob', 'answer'],
      ['100644 blob', '.git/config'],
    ]) {
      const [folder, file] = (name ?? '').includes('/') ? ['.git', 'config'] : ['', name];
      const flat = `tree=$(printf '${entry} %s\\t${file}\\n' "$b" | side mktree)`;
      const nested = folder ? `; tree=$(printf '040000 tree %s\\t${folder}\\n' "$tree" | side mktree)` : '';
      lie(`${blob}; ${flat}${nested}`);
      await expect(take(), name).rejects.toMatchObject({ code: 'comparison.files_refused' });
    }
    bench.replaceRuntimes(null);
    expect(bench.run(workspaceOf(one), 'cat answer; ls other 2>/dev/null || echo none')).toBe('one\nnone\n');
    await take();
    expect(bench.run(workspaceOf(one), 'cat answer')).toBe('two\n');
  });
});

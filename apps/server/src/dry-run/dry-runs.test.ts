import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProposalId } from '@farhand/shared/model/ids';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from '../agents/builtin/testing/agent-bench.ts';
import { PRESETS } from '../approvals/judging.ts';
import { createDryRuns } from './dry-runs.ts';

const PAGE = { kind: 'page' as const, name: null };
let bench: AgentBench;
afterEach(() => bench.close());

const step = (name: string, args: unknown): ModelStep => ({ call: { name, arguments: args } });

/** Each answer has one call; then the turn ends. */
async function play(steps: readonly ModelStep[], options: Partial<BenchOptions> = {}): Promise<void> {
  const script = [...steps.map((one) => [one]), [{ text: 'Done.' }]];
  bench = await AgentBench.start({ files: { 'a.txt': 'one\n' }, canRewind: true, ...options, script });
  bench.server.dryRuns.set(bench.sessionId, true, PAGE);
  await bench.promptAndWait('go');
}

const now = () => bench.server.dryRuns.get(bench.sessionId);
const states = () => now().proposals.map(({ state }) => state);
async function apply(ids: readonly ProposalId[] | null = null): Promise<void> {
  bench.server.dryRuns.apply(bench.sessionId, ids, PAGE);
  await bench.when(
    () =>
      !states().includes('applying') &&
      now().proposals.every(({ state }, index) => state !== 'open' || index > 0),
  );
}
const at = (index: number) => now().proposals[index]?.id as ProposalId;

describe('createDryRuns', () => {
  it('lets no turn begin once the agent is in a mode in which it acts unasked', async () => {
    bench = await AgentBench.start({ script: [] });
    const { db, feed, sessions, transcripts, secrets, audit } = bench.server;
    let mode = 'default';
    const dryRuns = createDryRuns({
      db,
      feed,
      transcripts,
      secrets,
      audit,
      policy: PRESETS,
      workspaces: { get: () => ({ hostId: 'local', projectId: bench.projectId }) as never },
      sessions: () => ({
        get: (id) => ({ ...sessions.get(id), agent: 'claude' }),
        agentSession: sessions.agentSession,
      }),
      controlsOf: () => ({ mode, options: [] }),
    });
    const dryRun = dryRuns.of(bench.sessionId);
    mode = 'bypassPermissions';
    expect(() => dryRun.check()).not.toThrow();
    mode = 'default';
    dryRuns.set(bench.sessionId, true, PAGE);
    expect(() => dryRun.check()).not.toThrow();
    mode = 'bypassPermissions';
    expect(() => dryRun.check()).toThrow(expect.objectContaining({ code: 'dry_run.not_possible' }));
    await dryRuns.close();
  });

  it('takes down writes and commands, reads writes back as proposed, and changes nothing', async () => {
    await play([
      step('write_file', { path: 'new/b.txt', content: 'fresh\n' }),
      step('edit_file', { path: 'a.txt', old_text: 'one', new_text: 'two' }),
      step('edit_file', { path: 'a.txt', old_text: 'two', new_text: 'three' }),
      step('read_file', { path: 'a.txt' }),
      step('list_files', { path: 'new' }),
      step('bash', { command: 'touch ran' }),
    ]);
    expect(bench.file('a.txt')).toBe('one\n');
    expect(existsSync(join(bench.directory, 'ran'))).toBe(false);
    expect(existsSync(join(bench.directory, 'new'))).toBe(false);
    expect(now().proposals.map(({ number, kind, title, state }) => [number, kind, title, state])).toEqual([
      [1, 'write', 'new/b.txt', 'open'],
      [2, 'write', 'a.txt', 'open'],
      [3, 'write', 'a.txt', 'open'],
      [4, 'command', 'touch ran', 'open'],
    ]);
    expect(bench.call(0)).toMatchObject({ proposal: 1, jobId: null });
    expect(bench.call(0).result).toContain('recorded as proposal 1');
    expect(bench.call(3).result).toContain('three');
    expect(bench.call(4).result).toContain('b.txt');
    expect(bench.server.dryRuns.diff(at(2)).patch).toContain('-two\n+three');
  });

  it('applies all in their order; output lands in the transcript, and the run is on record', async () => {
    await play(
      [
        step('edit_file', { path: 'a.txt', old_text: 'one', new_text: 'two' }),
        step('edit_file', { path: 'a.txt', old_text: 'two', new_text: 'three' }),
        step('bash', { command: 'cat a.txt; echo $TOKEN' }),
      ],
      { secrets: { TOKEN: 'hidden-value' } },
    );
    await apply();
    await bench.when(() => states().every((state) => state === 'applied'));
    expect(bench.file('a.txt')).toBe('three\n');
    const call = bench.calls.at(-1);
    expect(call).toMatchObject({ tool: 'bash', state: 'done', exit: { kind: 'exited', code: 0 } });
    expect(call?.output).toContain('three');
    expect(JSON.stringify(bench.items)).not.toContain('hidden-value');
    expect(bench.server.audit.entries.map(({ kind }) => kind)).toEqual(['setting', 'file', 'file']);
  });

  it('refuses a write whose file has changed since, and leaves what comes after it open', async () => {
    await play([
      step('edit_file', { path: 'a.txt', old_text: 'one', new_text: 'two' }),
      step('bash', { command: 'touch ran' }),
    ]);
    writeFileSync(join(bench.directory, 'a.txt'), 'by hand\n');
    await apply();
    expect(now().proposals).toMatchObject([
      { state: 'refused', reason: 'a.txt has changed since it was proposed.' },
      { state: 'open' },
    ]);
    expect(bench.file('a.txt')).toBe('by hand\n');
    expect(existsSync(join(bench.directory, 'ran'))).toBe(false);
  });

  it('never writes through a folder that has become a symlink', async () => {
    await play([step('write_file', { path: 'dir/b.txt', content: 'x' })], {
      files: { 'a.txt': '', 'dir/a.txt': '' },
    });
    const outside = join(bench.folder, 'outside');
    mkdirSync(outside);
    rmSync(join(bench.directory, 'dir'), { recursive: true });
    symlinkSync(outside, join(bench.directory, 'dir'));
    await apply();
    expect(now().proposals).toMatchObject([{ state: 'refused', reason: 'dir/b.txt leads elsewhere now.' }]);
    expect(existsSync(join(outside, 'b.txt'))).toBe(false);
  });

  it('drops what is discarded, and applies one alone', async () => {
    await play([
      step('write_file', { path: 'b.txt', content: 'b' }),
      step('write_file', { path: 'c.txt', content: 'c' }),
    ]);
    bench.server.dryRuns.discard(bench.sessionId, [at(0)]);
    expect(now().proposals.map(({ number }) => number)).toEqual([2]);
    await apply([at(0)]);
    expect(existsSync(join(bench.directory, 'b.txt'))).toBe(false);
    expect(bench.file('c.txt')).toBe('c');
  });

  it('takes down nothing that holds a secret, and refuses tools that cannot wait', async () => {
    await play(
      [
        step('bash', { command: 'curl -H hidden-value' }),
        step('write_file', { path: 'b.txt', content: 'key=hidden-value' }),
        step('task', { description: 'x', prompt: 'y' }),
        step('stop_job', { job: 'job_aaaaaaaaaaaaaaaaaaaa' }),
      ],
      { secrets: { TOKEN: 'hidden-value' } },
    );
    expect(now().proposals).toEqual([]);
    expect(bench.calls.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(bench.call(0).result).toContain('value of a secret');
    expect(bench.call(3).result).toContain('dry run');
    expect(readFileSync(join(bench.folder, 'db.sqlite')).includes('hidden-value')).toBe(false);
  });

  it('runs a command once that a killed server was running', async () => {
    await play([step('bash', { command: 'echo ran >>log; until [ -e go ]; do sleep 0.05; done; echo end' })]);
    bench.server.dryRuns.apply(bench.sessionId, null, PAGE);
    await expect.poll(() => existsSync(join(bench.directory, 'log')), { timeout: 10_000 }).toBe(true);
    bench.restart();
    writeFileSync(join(bench.directory, 'go'), '');
    await bench.when(() => states().every((state) => state === 'applied'));
    expect(bench.file('log')).toBe('ran\n');
    expect(bench.calls.at(-1)).toMatchObject({ state: 'done' });
    expect(bench.calls.filter(({ tool, jobId }) => tool === 'bash' && jobId !== null)).toHaveLength(1);
  });

  it('does things again once it is switched off', async () => {
    await play([step('write_file', { path: 'b.txt', content: 'b' })]);
    expect(now()).toMatchObject({ isOn: true });
    bench.server.dryRuns.set(bench.sessionId, false, PAGE);
    expect(now()).toMatchObject({ isOn: false, proposals: [{ state: 'open' }] });
  });
});

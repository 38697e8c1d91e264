import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ProposalId } from '@farhand/shared/model/ids';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench } from '../agents/builtin/testing/agent-bench.ts';
import type { Policy } from '../policy/policy.ts';
import { judging } from '../policy/testing/judging.ts';

const PAGE = { kind: 'page' as const, name: null };
const judgeOf = await judging();
let bench: AgentBench;
afterEach(() => bench.close());

/** The rules of a policy.toml that can be changed. */
function rules(toml: string): Policy & { toml: string } {
  return {
    toml,
    judge(judged, context) {
      return judgeOf(this.toml)('', { ...judged, ...context }).judgement;
    },
  };
}

const NO_LOCKS = `[[rules]]
name = "no locks"
effect = "deny"
match = ["[edit] **/*.lock", "[edit] *.lock"]
reason = "Only the tool writes them."
`;
const denied = 'The rule “no locks” denies it. Only the tool writes them.';

const write = (path: string): ModelStep => ({
  call: { name: 'write_file', arguments: { path, content: 'x' } },
});

async function play(policy: Policy, paths: readonly string[]): Promise<void> {
  const steps = [...paths.map((path) => [write(path)]), [{ text: 'Done.' }]];
  const script = [...steps, ...steps];
  bench = await AgentBench.start({ files: { 'a.txt': '' }, canRewind: true, policy, script });
  bench.server.dryRuns.set(bench.sessionId, true, PAGE);
  await bench.promptAndWait('go');
}

const now = () => bench.server.dryRuns.get(bench.sessionId).proposals;
const at = (index: number) => now()[index]?.id as ProposalId;
async function apply(ids: readonly ProposalId[] | null): Promise<void> {
  bench.server.dryRuns.apply(bench.sessionId, ids, PAGE);
  await bench.when(
    () => now().every(({ state }) => state !== 'applying') && now().some(({ state }) => state !== 'open'),
  );
}
const file = (path: string) => existsSync(join(bench.directory, path));

describe('a rule that denies a path', () => {
  it('keeps a person from applying a write to it, alone and with the others, as it keeps the agent', async () => {
    await play(rules(NO_LOCKS), ['a.md', 'sub/b.lock', 'c.md']);
    await apply(null);
    expect(now()).toMatchObject([
      { state: 'applied' },
      { state: 'refused', reason: denied, path: 'sub/b.lock' },
      { state: 'open' },
    ]);
    expect([file('a.md'), file('sub/b.lock'), file('c.md')]).toEqual([true, false, false]);
    await apply([at(1)]);
    expect(now()[1]).toMatchObject({ state: 'refused', reason: denied });
    await apply(null);
    expect(file('c.md')).toBe(true);
    const recorded = bench.server.audit.entries.filter(({ kind }) => kind === 'decision');
    expect(recorded).toHaveLength(2);
    expect(recorded[0]).toMatchObject({
      actor: PAGE,
      facts: { decision: 'denied', rule: 'no locks', path: 'sub/b.lock' },
    });

    bench.server.dryRuns.set(bench.sessionId, false, PAGE);
    await bench.promptAndWait('again');
    expect(bench.calls.slice(3, 6).map(({ state }) => state)).toEqual(['done', 'failed', 'done']);
    expect(bench.call(4).result).toContain(denied);
    expect(file('sub/b.lock')).toBe(false);
  });

  it('counts where a symlink leads, and only as long as it is there', async () => {
    const policy = rules(NO_LOCKS);
    bench = await AgentBench.start({
      files: { 'a.lock': 'old' },
      canRewind: true,
      policy,
      script: [[write('plain.txt')], [{ text: 'Done.' }]],
    });
    symlinkSync('a.lock', join(bench.directory, 'plain.txt'));
    bench.server.dryRuns.set(bench.sessionId, true, PAGE);
    await bench.promptAndWait('go');
    await apply(null);
    expect(now()).toMatchObject([{ state: 'refused', reason: denied }]);
    expect(bench.file('a.lock')).toBe('old');
    policy.toml = '';
    await apply([at(0)]);
    expect(now()).toMatchObject([{ state: 'applied' }]);
    expect(bench.file('a.lock')).toBe('x');
  });

  it('beats the person alone: what a rule asks for is answered by applying it', async () => {
    await play(rules(NO_LOCKS.replace('"deny"', '"ask"')), ['b.lock']);
    await apply(null);
    expect(now()).toMatchObject([{ state: 'applied' }]);
  });
});

import type { Approval } from '@farhand/shared/model/approvals';
import type { Comparison, Variant } from '@farhand/shared/model/comparisons';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { describe, expect, it } from 'vitest';
import { comparisonStatus, sorted, variantFacts } from './variant-facts.ts';

const START = '2026-11-21T10:00:00.000Z';
const NOW = Date.parse('2026-11-21T10:01:00.000Z');

const session = (part: Partial<Session> = {}): Session => ({
  id: newId('session'),
  workspaceId: newId('workspace'),
  title: '',
  agent: 'builtin',
  parent: null,
  model: null,
  state: 'working',
  lastSeq: 3,
  usage: { input: 100, output: 20, cachedInput: 0 },
  costUsd: null,
  context: null,
  createdAt: START,
  updatedAt: START,
  ...part,
});

const variant = (id: string, of: Session | null, part: Partial<Variant> = {}): Variant => ({
  id,
  agent: 'builtin',
  model: null,
  hostId: LOCAL_HOST,
  workspaceId: of?.workspaceId ?? null,
  sessionId: of?.id ?? null,
  state: 'working',
  error: null,
  diff: null,
  test: null,
  startedAt: START,
  endedAt: null,
  ...part,
});

const comparison = (variants: readonly Variant[], keptVariantId: string | null = null): Comparison => ({
  id: newId('comparison'),
  workspaceId: newId('workspace'),
  prompt: 'Mend it.',
  testCommand: 'npm test',
  variants: [...variants],
  keptVariantId,
  createdAt: START,
});

const approval = (of: Session): Approval => ({
  id: newId('approval'),
  sessionId: of.id,
  workspaceId: of.workspaceId,
  hostId: LOCAL_HOST,
  turnId: newId('turn'),
  itemId: null,
  agent: 'builtin',
  by: { kind: 'agent', name: 'builtin' },
  title: 'Run npm publish',
  cwd: null,
  subject: { kind: 'command', command: 'npm publish' },
  why: 'It leaves the workspace.',
  pattern: null,
  canEdit: false,
  canAllowSession: true,
  hash: '0'.repeat(64),
  askedAt: START,
  decision: null,
  decidedBy: null,
  decidedAt: null,
});

const byId = <One extends { readonly id: string }>(...all: One[]) =>
  Object.fromEntries(all.map((one) => [one.id, one]));

function rowsOf(variants: readonly Variant[], sessions: readonly Session[], approvals: Approval[] = []) {
  const known = { sessions: byId(...sessions), approvals: byId(...approvals) };
  return variantFacts(comparison(variants), known, NOW);
}

describe('the facts of a variant', () => {
  it('take cost, tokens and time from its session and its turn', () => {
    const own = session({ costUsd: 0.4 });
    const [row] = rowsOf([variant('1', own)], [own]);
    expect(row).toMatchObject({ number: 1, costUsd: 0.4, tokens: 120, timeMs: 60_000, words: 'Working' });
    const ended = { state: 'done', endedAt: '2026-11-21T10:00:09.000Z' } as const;
    expect(rowsOf([variant('1', own, ended)], [own])[0]).toMatchObject({ timeMs: 9000, status: 'done' });
  });

  it('say that it needs a person before anything else', () => {
    const own = session();
    const [row] = rowsOf([variant('1', own)], [own], [approval(own)]);
    expect(row).toMatchObject({ status: 'blocked', words: 'Needs you' });
    expect(row?.needs).toHaveLength(1);
  });

  it('say where the prompt waits for a place on the host', () => {
    const own = session({ state: 'idle', lastSeq: 0 });
    expect(rowsOf([variant('1', own)], [own])[0]?.words).toBe('Waits for a free place');
  });

  it('know a discarded one without workspace and session', () => {
    const [row] = rowsOf([variant('1', null, { state: 'discarded' })], []);
    expect(row).toMatchObject({ status: 'idle', words: 'Discarded', costUsd: null, tokens: 0 });
  });
});

describe('the order of the rows', () => {
  const test = (state: 'passed' | 'failed' | 'running') => ({ state, output: '', durationMs: 1 });
  const diff = (additions: number) => ({ files: 1, additions, deletions: 0 });
  const cheap = session({ costUsd: 0.1 });
  const dear = session({ costUsd: 2 });
  const rows = rowsOf(
    [
      variant('1', dear, { test: test('failed'), diff: diff(5), endedAt: '2026-11-21T10:00:30.000Z' }),
      variant('2', null, { state: 'discarded' }),
      variant('3', cheap, { test: test('passed'), diff: diff(9), endedAt: '2026-11-21T10:00:10.000Z' }),
      variant('4', null, { startedAt: null }),
    ],
    [cheap, dear],
  );
  const order = (key: Parameters<typeof sorted>[1]) => sorted(rows, key).map(({ variant: { id } }) => id);

  it.each([
    ['order', ['1', '3', '4', '2']],
    ['test', ['3', '1', '4', '2']],
    ['diff', ['1', '3', '4', '2']],
    ['cost', ['3', '1', '4', '2']],
    ['time', ['3', '1', '4', '2']],
  ] as const)('by %s is best first, unknown later, discarded last', (key, expected) => {
    expect(order(key)).toEqual(expected);
  });
});

describe('the mark of a comparison', () => {
  it('is that of the variant that needs a person first', () => {
    const [a, b] = [session(), session()];
    const both = [variant('1', a), variant('2', b, { state: 'done' })];
    expect(comparisonStatus(rowsOf(both, [a, b]))).toBe('working');
    expect(comparisonStatus(rowsOf(both, [a, b], [approval(a)]))).toBe('blocked');
    expect(comparisonStatus(rowsOf([variant('1', a, { state: 'failed' })], [a]))).toBe('failed');
  });

  it('is still once one was kept', () => {
    const own = session({ state: 'done' });
    const kept = comparison([variant('1', own, { state: 'done' })], '1');
    const known = { sessions: byId(own), approvals: {} };
    expect(comparisonStatus(variantFacts(kept, known, NOW))).toBe('idle');
  });
});

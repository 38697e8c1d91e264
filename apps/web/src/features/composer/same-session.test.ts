import { newId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { describe, expect, it } from 'vitest';
import { isSameForComposer } from './same-session.ts';

const session: Session = {
  id: newId('session'),
  workspaceId: newId('workspace'),
  title: 'a',
  agent: 'builtin',
  parent: null,
  model: null,
  state: 'working',
  lastSeq: 1,
  usage: { input: 1, output: 1, cachedInput: 0 },
  costUsd: null,
  context: null,
  createdAt: '',
  updatedAt: '',
};

describe('isSameForComposer', () => {
  it('is true for one that only went on', () => {
    expect(isSameForComposer(session, { ...session, lastSeq: 2, updatedAt: 'x', title: 'b' })).toBe(true);
  });

  it.each([
    [{ state: 'done' }],
    [{ model: 'a/b' }],
    [{ costUsd: 1 }],
    [{ usage: { input: 2, output: 1, cachedInput: 0 } }],
    [{ context: { used: 1, limit: 2 } }],
    [{ id: newId('session') }],
  ] as const)('is false where %j changed', (over) => {
    expect(isSameForComposer(session, { ...session, ...over })).toBe(false);
  });
});

import type { Approval } from '@farhand/shared/model/approvals';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId, type SessionId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { describe, expect, it } from 'vitest';
import { openApprovals } from './waiting.ts';

const workspaceId = newId('workspace');
const session = (parent: Session['parent'] = null): Session => ({
  id: newId('session'),
  workspaceId,
  title: '',
  agent: 'builtin',
  parent,
  model: null,
  state: 'blocked',
  lastSeq: 0,
  usage: { input: 0, output: 0, cachedInput: 0 },
  costUsd: null,
  context: null,
  createdAt: '',
  updatedAt: '',
});
const approval = (sessionId: SessionId, askedAt: string, over: Partial<Approval> = {}): Approval => ({
  id: newId('approval'),
  sessionId,
  workspaceId,
  hostId: 'local' as HostId,
  turnId: newId('turn'),
  itemId: null,
  agent: 'builtin',
  by: { kind: 'agent', name: 'builtin' },
  title: 'Run x',
  cwd: null,
  subject: { kind: 'command', command: 'x' },
  why: '',
  pattern: null,
  canEdit: false,
  canAllowSession: false,
  hash: '0'.repeat(64),
  askedAt,
  decision: null,
  decidedBy: null,
  decidedAt: null,
  ...over,
});
const byId = <Value extends { id: string }>(...values: Value[]) =>
  Object.fromEntries(values.map((value) => [value.id, value]));

describe('openApprovals', () => {
  it('has those of the session and of its sub-agents, oldest first', () => {
    const top = session();
    const sub = session({ sessionId: top.id, kind: 'subagent' });
    const fork = session({ sessionId: top.id, kind: 'fork' });
    const own = approval(top.id, '2026-01-01T00:00:02Z');
    const ofSub = approval(sub.id, '2026-01-01T00:00:01Z');
    const ofFork = approval(fork.id, '2026-01-01T00:00:00Z');
    const known = { sessions: byId(top, sub, fork), approvals: byId(own, ofSub, ofFork) };
    expect(openApprovals(known, top.id)).toEqual([ofSub, own]);
    expect(openApprovals(known, sub.id)).toEqual([ofSub]);
  });

  it('leaves out what is decided', () => {
    const top = session();
    const done = approval(top.id, '', { decision: { kind: 'denied', reason: null } });
    expect(openApprovals({ sessions: byId(top), approvals: byId(done) }, top.id)).toEqual([]);
  });

  it('ends where sessions name each other as parents', () => {
    const a = session();
    const b = session({ sessionId: a.id, kind: 'subagent' });
    const loop = { ...a, parent: { sessionId: b.id, kind: 'subagent' as const } };
    const asked = approval(b.id, '');
    expect(openApprovals({ sessions: byId(loop, b), approvals: byId(asked) }, newId('session'))).toEqual([]);
  });
});

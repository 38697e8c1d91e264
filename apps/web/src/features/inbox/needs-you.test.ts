import type { Approval } from '@farhand/shared/model/approvals';
import type { ConnectionState, Host, HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { describe, expect, it } from 'vitest';
import { workspaceStatus } from '../workspaces/workspace-status.ts';
import { needsYou, neighbourNeed } from './needs-you.ts';

const workspace = (part: Partial<Workspace> = {}): Workspace => ({
  id: newId('workspace'),
  projectId: newId('project'),
  name: 'calm-bay',
  hostId: 'gpu-1' as HostId,
  directory: null,
  baseBranch: 'main',
  branch: 'calm-bay',
  baseCommit: null,
  transfer: 'history',
  state: 'ready',
  isWaitingForHost: false,
  archive: null,
  diskBytes: null,
  steps: [],
  changes: null,
  approvalPolicy: 'never',
  fork: null,
  createdAt: '2026-01-01T00:00:00Z',
  ...part,
});
const session = (of: Workspace, part: Partial<Session>): Session => ({
  id: newId('session'),
  workspaceId: of.id,
  title: '',
  agent: 'builtin',
  parent: null,
  costUsd: null,
  context: null,
  model: null,
  state: 'done',
  lastSeq: 5,
  usage: { input: 0, output: 0, cachedInput: 0 },
  createdAt: '',
  updatedAt: '',
  ...part,
});
const byId = <Value extends { id: string }>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value.id, value]));

const host = (connection: ConnectionState): Host => ({
  id: 'gpu-1' as HostId,
  label: 'gpu-1',
  source: 'typed',
  connection,
  method: 'master',
  chosenMethod: null,
  sessionLimit: null,
  agentLimit: null,
  warnings: [],
  record: null,
  recordProblem: null,
  isDefault: false,
  learned: null,
});
const asking = host({
  state: 'asking',
  question: {
    id: 'q',
    kind: 'passphrase',
    text: '',
    subject: '',
    hostKey: null,
    canRemember: true,
    askedAt: '2026-01-05T00:00:00Z',
    expiresAt: '2026-01-05T00:02:00Z',
  },
});
const refusing = host({
  state: 'refused',
  code: 'host.auth_failed',
  message: '',
  hint: null,
  keyChange: null,
});

const ready = workspace();
const NONE = {
  hosts: {},
  workspaces: {},
  sessions: {},
  terminals: {},
  approvals: {},
  queuedMessages: {},
  seen: {},
};

describe('needsYou', () => {
  const needs = (
    sessions: readonly Session[],
    workspaces: readonly Workspace[] = [ready],
    seen: Record<string, number> = {},
  ) => needsYou({ ...NONE, workspaces: byId(workspaces), sessions: byId(sessions), seen });

  it('lists oldest first, whatever it is', () => {
    const failed = workspace({ state: 'failed', createdAt: '2026-01-02T00:00:00Z' });
    const late = session(ready, { state: 'failed', updatedAt: '2026-01-03T00:00:00Z' });
    const early = session(ready, { updatedAt: '2026-01-01T00:00:00Z' });
    expect(needs([late, early], [ready, failed]).map(({ id }) => id)).toEqual([early.id, failed.id, late.id]);
  });

  it('leaves out turns that were looked at, but not questions', () => {
    const done = session(ready, { state: 'done' });
    const blocked = session(ready, { state: 'blocked' });
    const seen = { [done.id]: 5, [blocked.id]: 5 };
    expect(needs([done, blocked], [ready], seen).map(({ status }) => status)).toEqual(['blocked']);
  });

  it('leaves out what is idle or at work', () => {
    expect(needs([session(ready, { state: 'idle' }), session(ready, { state: 'working' })])).toEqual([]);
  });

  it('comes back when more has happened since the look', () => {
    const done = session(ready, { lastSeq: 9 });
    expect(needs([done], [ready], { [done.id]: 5 })).toHaveLength(1);
  });
});

describe('needsYou of hosts', () => {
  const needs = (one: Host, workspaces: readonly Workspace[]) =>
    needsYou({ ...NONE, hosts: byId([one]), workspaces: byId(workspaces) });

  it('lists a question once, however many workspaces wait for it', () => {
    const creating = workspace({ state: 'creating' });
    expect(needs(asking, [ready, creating, workspace()])).toEqual([
      expect.objectContaining({
        workspaceId: creating.id,
        hostId: asking.id,
        text: 'asks for a passphrase',
        since: '2026-01-05T00:00:00Z',
      }),
    ]);
  });

  it.each([
    ['host.key_changed', 'has another key than before'],
    ['host.key_revoked', 'shows a key that was revoked'],
    ['host.record_invalid', 'has a record that cannot be used'],
    ['host.auth_failed', 'refuses the connection'],
  ])('tells %s in its own words', (code, text) => {
    const keyChange = { type: 'ED25519', offered: 'SHA256:a', known: [], records: [] };
    const one = host({ state: 'refused', code, message: '', hint: null, keyChange });
    expect(needs(one, [ready]).map((need) => need.text)).toEqual([text]);
  });

  it.each(['host.disabled', 'host.deleted', 'host.stopped'])(
    'leaves out a host that a person took away: %s',
    (code) => {
      const away = host({ state: 'refused', code, message: '', hint: null, keyChange: null });
      expect(needs(away, [ready])).toEqual([]);
    },
  );

  it('leaves out a host that nothing uses', () => {
    expect(needs(asking, [workspace({ state: 'archived' })])).toEqual([]);
  });

  it('lists a refusal unless the workspace that could not be made for it says so itself', () => {
    expect(needs(refusing, [ready]).map(({ status }) => status)).toEqual(['failed']);
    expect(needs(refusing, [workspace({ state: 'failed' })]).map(({ hostId }) => hostId)).toEqual([null]);
  });
});

describe('needsYou of agents', () => {
  const approval = (of: Session, part: Partial<Approval> = {}): Approval =>
    ({
      id: newId('approval'),
      sessionId: of.id,
      workspaceId: of.workspaceId,
      title: 'Run npm publish',
      askedAt: '2026-01-02T00:00:00Z',
      decision: null,
      ...part,
    }) as Approval;
  const asked = session(ready, { state: 'blocked' });

  it('lists each question once, by what it asks, and not its session as well', () => {
    const questions = [approval(asked), approval(asked, { title: 'Read /etc/hosts' })];
    const list = needsYou({
      ...NONE,
      workspaces: byId([ready]),
      sessions: byId([asked]),
      approvals: byId(questions),
    });
    expect(new Set(list.map(({ text }) => text))).toEqual(new Set(['Run npm publish', 'Read /etc/hosts']));
    expect(new Set(list.map(({ approvalId }) => approvalId))).toEqual(new Set(questions.map(({ id }) => id)));
  });

  it('lists a question that no agent asks, also outside of all workspaces', () => {
    const alone = approval(asked, { sessionId: null, workspaceId: null, hostId: 'prod' as HostId });
    const inside = approval(asked, { sessionId: null, hostId: 'prod' as HostId });
    const list = needsYou({ ...NONE, workspaces: byId([ready]), approvals: byId([alone, inside]) });
    expect(
      new Map(list.map((need) => [need.approvalId, [need.workspaceId, need.sessionId, need.hostId]])),
    ).toEqual(
      new Map([
        [alone.id, [null, null, 'prod']],
        [inside.id, [ready.id, null, null]],
      ]),
    );
  });

  it('lists a sub-agent’s question at the session it works for, and none of its turns', () => {
    const child = session(ready, { state: 'done', parent: { sessionId: asked.id, kind: 'subagent' } });
    const list = needsYou({
      ...NONE,
      workspaces: byId([ready]),
      sessions: byId([asked, child]),
      approvals: byId([approval(child)]),
    });
    expect(list.map(({ sessionId, text }) => [sessionId, text])).toEqual([[asked.id, 'Run npm publish']]);
  });

  it('leaves out what was decided', () => {
    const decided = approval(asked, { decision: { kind: 'denied', reason: null } });
    const list = needsYou({ ...NONE, workspaces: byId([ready]), approvals: byId([decided]) });
    expect(list).toEqual([]);
  });

  const terminal = (part: Partial<NonNullable<Terminal['activity']>>): Terminal =>
    ({
      id: newId('terminal'),
      workspaceId: ready.id,
      exit: null,
      activity: { state: 'blocked', text: null, isGuess: false, at: '2026-01-03T00:00:00Z', ...part },
    }) as Terminal;

  it.each([
    [{}, 'Waits for you in a terminal'],
    [{ isGuess: true }, 'Seems to wait for you in a terminal'],
    [{ state: 'done', text: 'tests pass' }, 'Finished in a terminal: tests pass'],
  ] as const)('says what a terminal’s agent does, and where it is a guess: %j', (part, text) => {
    const one = terminal(part);
    const known = { ...NONE, workspaces: byId([ready]), terminals: byId([one]) };
    expect(needsYou(known).map((need) => [need.terminalId, need.text])).toEqual([[one.id, text]]);
    const seen = { [one.id]: Date.parse('2026-01-03T00:00:00Z') };
    expect(needsYou({ ...known, seen })).toEqual([]);
  });

  it('leaves out a terminal whose agent works', () => {
    const known = { ...NONE, workspaces: byId([ready]), terminals: byId([terminal({ state: 'working' })]) };
    expect(needsYou(known)).toEqual([]);
  });

  it('lists messages that were held back for the person, and no others', () => {
    const message = { sessionId: asked.id, createdAt: '2026-01-04T00:00:00Z' };
    const held = { ...message, id: 'msg_a', reason: 'person', problem: 'The host is full.' } as QueuedMessage;
    const waiting = { ...message, id: 'msg_b', reason: 'turn', problem: null } as QueuedMessage;
    const idle = { ...asked, state: 'idle' } as const;
    const list = needsYou({ ...NONE, sessions: byId([idle]), queuedMessages: byId([held, waiting]) });
    expect(list.map(({ text }) => text)).toEqual(['Message held back: The host is full.']);
  });
});

describe('neighbourNeed', () => {
  const others = [
    workspace({ state: 'missing' }),
    workspace({ state: 'failed', createdAt: '2026-02-01T00:00:00Z' }),
  ];
  const list = needsYou({ ...NONE, workspaces: byId(others) });

  const at = (workspaceId = ready.id, sessionId: Session['id'] | null = null) => ({ workspaceId, sessionId });

  it('goes round in both directions', () => {
    expect(neighbourNeed(list, at(others[1]?.id), 1)?.workspaceId).toBe(others[0]?.id);
    expect(neighbourNeed(list, at(others[0]?.id), -1)?.workspaceId).toBe(others[1]?.id);
  });

  it('goes from session to session within one workspace', () => {
    const sessions = [session(ready, { state: 'blocked' }), session(ready, { state: 'blocked' })];
    const both = needsYou({ ...NONE, workspaces: byId([ready]), sessions: byId(sessions) });
    const last = both[1]?.sessionId ?? null;
    expect(neighbourNeed(both, at(ready.id, both[0]?.sessionId), 1)?.sessionId).toBe(last);
    expect(neighbourNeed(both, at(ready.id, last), 1)?.sessionId).toBe(both[0]?.sessionId);
  });

  it('begins with the oldest, and is null where nothing waits', () => {
    expect(neighbourNeed(list, at(), 1)?.workspaceId).toBe(others[0]?.id);
    expect(neighbourNeed([], at(), 1)).toBeNull();
  });
});

describe('workspaceStatus', () => {
  const status = (states: readonly Session['state'][], seen: Record<string, number> = {}) =>
    workspaceStatus(
      ready,
      states.map((state) => session(ready, { state })),
      { host: undefined, seen },
    );

  it('lets what needs a person go before what is at work', () => {
    expect(status(['working', 'blocked', 'failed'])).toBe('blocked');
    expect(status(['working', 'failed'])).toBe('failed');
    expect(status(['done', 'working'])).toBe('done');
  });

  it('counts agents in terminals', () => {
    const activity = { state: 'blocked', text: null, isGuess: true, at: '2026-01-03T00:00:00Z' } as const;
    const terminals = [{ id: newId('terminal'), activity, exit: null } as Terminal];
    const sessions = [session(ready, { state: 'working' })];
    expect(workspaceStatus(ready, sessions, { host: undefined, seen: {}, terminals })).toBe('blocked');
  });

  it('is idle when a finished turn was looked at', () => {
    const done = session(ready, { state: 'done' });
    expect(workspaceStatus(ready, [done], { host: undefined, seen: {} })).toBe('done');
    expect(workspaceStatus(ready, [done], { host: undefined, seen: { [done.id]: 5 } })).toBe('idle');
  });

  it('needs the person while its host asks, even while it is made', () => {
    const around = { host: asking, seen: {} };
    expect(workspaceStatus(workspace({ state: 'creating' }), [], around)).toBe('blocked');
    expect(workspaceStatus(workspace({ state: 'archived' }), [], around)).toBe('idle');
  });

  it('says that contact is lost where the host of a working agent does not answer', () => {
    const lost = host({ state: 'retrying', attempt: 1, nextAt: '', code: 'host.unreachable', message: '' });
    expect(workspaceStatus(ready, [session(ready, { state: 'working' })], { host: lost, seen: {} })).toBe(
      'contact_lost',
    );
  });
});

import type { Approval } from '@farhand/shared/model/approvals';
import { approval as approvalModel } from '@farhand/shared/model/approvals';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import type { Judged, Judgement } from '../policy/policy.ts';
import { approvals as table } from '../store/schema.ts';
import type { ProgramAsker, ProgramRequest } from './approvals.ts';
import { AskingSession } from './testing/asking-session.ts';

let session: AskingSession;
beforeEach(() => (session = new AskingSession()));
afterEach(() => session.close());

const never = new AbortController().signal;
const asker = (part: Partial<ProgramAsker> = {}): ProgramAsker => ({
  session: null,
  by: { kind: 'token', name: 'deploy-bot' },
  hostId: LOCAL_HOST,
  workspace: null,
  forSession: null,
  preset: 'ask_all',
  ...part,
});
const request = (part: Partial<ProgramRequest> = {}): ProgramRequest => ({
  key: 'run_1',
  title: 'Run uptime',
  cwd: null,
  subject: { kind: 'command', command: 'uptime' },
  effect: 'execute',
  paths: [],
  ...part,
});
const only = (): Approval => {
  const [one, ...more] = session.first.approvals.open();
  if (!one || more.length > 0) throw new Error('there is not one open question');
  return one;
};
const decide = (kind: 'allow' | 'deny', by: Parameters<typeof session.first.approvals.decide>[1] = 'cli') => {
  const { id, hash } = only();
  const decision = kind === 'allow' ? { kind, scope: 'once' as const } : { kind };
  return session.first.approvals.decide({ approvalId: id, hash, decision }, by);
};
const judged = (judgement: () => Judgement, audit = recordedAudit()) => ({
  audit,
  server: session.connect({ policy: { judge: judgement }, audit }),
});

describe('a question that no agent asks', () => {
  it('says who asks, is in no session, and is allowed once by its id', async () => {
    const { approvals, changes } = session.first;
    const answer = approvals.ask(asker(), request(), never);
    expect(only()).toMatchObject({
      sessionId: null,
      workspaceId: null,
      turnId: null,
      agent: null,
      by: { kind: 'token', name: 'deploy-bot' },
      canEdit: false,
      canAllowSession: false,
      pattern: null,
    });
    const { id, hash } = only();
    const forSession = { kind: 'allow' as const, scope: 'session' as const };
    expect(() => approvals.decide({ approvalId: id, hash, decision: forSession }, 'cli')).toThrowError(
      'once',
    );
    expect(decide('allow', { kind: 'token', name: 'boss' })).toMatchObject({ decidedBy: 'token boss' });
    expect(await answer).toEqual({ kind: 'allowed', scope: 'once', command: null, approvalId: id });
    expect(changes.map(({ type }) => type)).toEqual(['changed', 'removed']);
  });

  it('is the same for its key after a restart, and another where who asks differs', async () => {
    const { approvals } = session.first;
    void approvals.ask(asker(), request(), never);
    const { id } = only();
    const again = session.connect().approvals;
    expect(again.pose(asker(), request())).toMatchObject({ id });
    again.pose(asker({ by: { kind: 'token', name: 'other' } }), request());
    expect(only().id).not.toBe(id);
  });

  it('is withdrawn by its key, and by its signal, which is on record', async () => {
    const audit = recordedAudit();
    const { approvals } = session.connect({ audit });
    const first = approvals.ask(asker(), request(), never);
    approvals.voidKey(null, 'run_1', 'gone');
    expect(await first).toEqual({ kind: 'void', reason: 'gone' });
    const stop = new AbortController();
    const second = approvals.ask(asker(), request({ key: 'run_2' }), stop.signal);
    stop.abort('stop');
    expect(await second).toMatchObject({ kind: 'void' });
    expect(approvals.open()).toEqual([]);
    expect(audit.entries).toMatchObject([
      { kind: 'decision', actor: { kind: 'server' }, facts: { decision: 'void', reason: 'gone' } },
      { kind: 'decision', actor: { kind: 'server' }, facts: { decision: 'void' } },
    ]);
  });

  it('is withdrawn though that cannot be recorded: nothing runs by it', async () => {
    const audit = {
      ...recordedAudit(),
      record: () => {
        throw new Error('disk full');
      },
    };
    const { approvals } = session.connect({ audit });
    const answer = approvals.ask(asker(), request(), never);
    approvals.voidKey(null, 'run_1', 'gone');
    expect(await answer).toEqual({ kind: 'void', reason: 'gone' });
    expect(approvals.open()).toEqual([]);
  });

  it('shows at the session for which it is asked, and goes with it', () => {
    const told: number[] = [];
    session.first.approvals.watchOpen((_id, open) => told.push(open));
    session.first.approvals.pose(asker({ forSession: session.sessionId }), request());
    expect(session.first.approvals.list({ sessionId: session.sessionId, isOpen: true })).toHaveLength(1);
    session.first.approvals.voidAll(session.sessionId, 'The session was deleted.');
    expect(told).toEqual([1, 0]);
    // It belongs to no turn, so its transcript says nothing of it.
    expect(session.first.transcripts.items(session.sessionId)).toEqual([]);
  });

  it('is always asked where it is told so, but for what a rule denies', () => {
    let judgement: Judgement = { kind: 'allowed', by: 'rule', rule: 'fine' };
    const { server, audit } = judged(() => judgement);
    expect(server.approvals.pose(asker({ preset: 'always' }), request())).toMatchObject({ decision: null });
    expect(server.approvals.pose(asker({ preset: 'never' }), request({ key: 'b' }))).toEqual({
      kind: 'allowed',
      scope: 'rule',
      command: null,
      rule: 'fine',
    });
    judgement = { kind: 'denied', why: 'Not here.', rule: 'no' };
    expect(server.approvals.pose(asker({ preset: 'always' }), request({ key: 'c' }))).toEqual({
      kind: 'denied',
      reason: 'Not here.',
    });
    expect(audit.entries.map(({ kind, facts }) => [kind, facts.decision, facts.rule])).toEqual([
      ['decision', 'allowed', 'fine'],
      ['decision', 'denied', 'no'],
    ]);
  });
});

describe('a policy that changes while a question is open', () => {
  it('lets it pass at once when it is asked again, and never blocks it for ever', async () => {
    const waiting = session.first.approvals.ask(session.asker(), session.request(), never);
    const again = await session.first.approvals.ask(session.asker('never'), session.request(), never);
    expect(again).toEqual({ kind: 'allowed', scope: 'policy', command: null });
    expect(await waiting).toEqual(again);
    expect(session.first.approvals.open()).toEqual([]);
  });

  it('denies it by a rule, whatever a person said before', async () => {
    const before = session.first.approvals.ask(session.asker(), session.request(), never);
    const { server } = judged(() => ({ kind: 'denied', why: 'No.', rule: 'no' }));
    decide('allow');
    expect(await before).toMatchObject({ kind: 'allowed' });
    expect(await server.approvals.ask(session.asker(), session.request(), never)).toEqual({
      kind: 'denied',
      reason: 'No.',
    });
  });
});

it('a rule that denies beats a command that is edited in the answer', async () => {
  const isForbidden = (command: string) => command.startsWith('rm');
  const judge = ({ subject }: Judged): Judgement =>
    subject.kind === 'command' && isForbidden(subject.command)
      ? { kind: 'denied', why: 'Never.', rule: 'no-rm' }
      : { kind: 'ask', why: 'It asks.', rule: null };
  const { approvals } = session.connect({ policy: { judge } });
  const answer = approvals.ask(session.asker(), session.request({ canEdit: true }), never);
  const { id: approvalId, hash } = only();
  const edited = (command: string) =>
    approvals.decide({ approvalId, hash, decision: { kind: 'allow', scope: 'once', command } }, 'page');
  expect(() => edited('rm -rf /srv')).toThrow(/no-rm/);
  expect(only().decision).toBeNull();
  edited('npm publish --dry-run');
  expect(await answer).toMatchObject({ kind: 'allowed', command: 'npm publish --dry-run' });
});

describe('the record', () => {
  it('has each answer before it counts, and without it nothing is decided', async () => {
    const audit = recordedAudit();
    const { approvals } = session.connect({ audit });
    const stop = new AbortController();
    const answer = approvals.ask(asker(), request(), stop.signal);
    const { id, hash } = only();
    const failing = session.connect({
      audit: {
        record() {
          throw new Error('disk full');
        },
      },
    });
    const decision = { kind: 'allow', scope: 'once' } as const;
    expect(() => failing.approvals.decide({ approvalId: id, hash, decision }, 'page')).toThrowError(
      'disk full',
    );
    expect(only().decision).toBeNull();
    approvals.decide({ approvalId: id, hash, decision }, 'page');
    expect(await answer).toMatchObject({ kind: 'allowed', approvalId: id });
    expect(audit.entries).toMatchObject([
      {
        kind: 'decision',
        actor: { kind: 'page', name: null },
        hostId: LOCAL_HOST,
        summary: 'allowed: Run uptime',
        facts: {
          approvalId: id,
          hash,
          scope: 'once',
          rule: null,
          askedBy: { kind: 'token', name: 'deploy-bot' },
        },
      },
    ]);
  });

  it('of a question from before others could ask still reads', () => {
    const { approvals, db } = session.first;
    void approvals.ask(session.asker(), session.request(), never);
    const { by: _by, ...old } = only();
    db.update(table)
      .set({ approval: JSON.stringify(old) })
      .run();
    expect(only().by).toEqual({ kind: 'agent', name: 'builtin' });
    expect(approvalModel.parse(old).agent).toBe('builtin');
  });
});

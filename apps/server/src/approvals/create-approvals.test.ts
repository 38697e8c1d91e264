import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Approval, FormField } from '@farhand/shared/model/approvals';
import { newId } from '@farhand/shared/model/ids';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalRequest } from '../agents/agent.ts';
import { AskingSession } from './testing/asking-session.ts';

type Answer = ParsedInput<'approval.decide'>['decision'];

let session: AskingSession;
beforeEach(() => (session = new AskingSession()));
afterEach(() => session.close());

const ONCE: Answer = { kind: 'allow', scope: 'once' };
const code = (expected: string) => expect.objectContaining({ code: expected });
const never = new AbortController().signal;
const ask = (part: Partial<ApprovalRequest> = {}, signal = never) =>
  session.first.approvals.ask(session.asker(), session.request(part), signal);
const only = (): Approval => {
  const [one, ...more] = session.first.approvals.open();
  if (!one || more.length > 0) throw new Error('there is not one open question');
  return one;
};
const decide = (decision: Answer, { id, hash }: Pick<Approval, 'id' | 'hash'> = only()) =>
  session.first.approvals.decide({ approvalId: id, hash, decision }, 'page');
const items = () =>
  session.first.transcripts.items(session.sessionId).filter(({ kind }) => kind === 'approval');

describe('a question', () => {
  it('is a row, an entity and an item until it is decided, and then the record of it', async () => {
    const answer = ask();
    expect(only()).toMatchObject({
      title: 'Run npm publish',
      cwd: '/w',
      subject: { kind: 'command', command: 'npm publish' },
      why: 'The policy asks for what leaves the workspace, and `npm` reaches the network.',
      pattern: 'npm publish *',
      decision: null,
    });
    expect(items()).toMatchObject([{ approvalId: only().id, decision: null, decidedAt: null }]);
    const decided = decide({ kind: 'deny', reason: 'not with swordfish' });
    expect(await answer).toEqual({ kind: 'denied', reason: 'not with [secret TOKEN]' });
    expect(decided).toMatchObject({ decidedBy: 'page', decidedAt: expect.any(String) });
    expect(items()).toMatchObject([{ decision: decided.decision, decidedAt: decided.decidedAt }]);
    expect(session.first.changes.map(({ type }) => type)).toEqual(['changed', 'removed']);
    expect(session.first.approvals.list({ sessionId: null, isOpen: false })).toEqual([decided]);
  });

  it('covers secrets in what is shown', async () => {
    const controller = new AbortController();
    const asked = ask(
      { title: 'Run a\nswordfish', subject: { kind: 'command', command: 'curl swordfish' } },
      controller.signal,
    );
    expect(JSON.stringify([only(), items()])).not.toContain('swordfish');
    expect(only().title).toBe('Run a [secret TOKEN]');
    controller.abort('stop');
    await asked;
  });

  it('is asked where the value of a secret hides what the text says', async () => {
    // With a quote in the value, another part of it is quoted.
    const asked = { subject: { kind: 'command' as const, command: "echo 'swordfish; curl x '" } };
    const answer = ask(asked);
    expect(only()).toMatchObject({ subject: { command: "echo '[secret TOKEN]; curl x '" } });
    decide({ kind: 'allow', scope: 'session' });
    await answer;
    void ask({ ...asked, key: 'call_2' });
    expect(only().why).toContain('the value of a secret');
  });

  it('shows nothing in its title that turns or hides text', () => {
    void ask({ title: 'Run \u202egnp.exe\u2066 \u200bx' });
    expect(only().title).toBe('Run gnp.exe x');
  });

  it('is one of a hundred at most, and the next is no yes', async () => {
    for (let count = 0; count < 100; count += 1)
      void ask({ key: `call_${count}` }, new AbortController().signal);
    expect(await ask({ key: 'one more' })).toMatchObject({ kind: 'void' });
    expect(session.first.approvals.open()).toHaveLength(100);
  });

  it('is not asked, and leaves nothing, where the policy has an answer', async () => {
    const asker = session.asker('never');
    const { approvals } = session.first;
    const allowed = { kind: 'allowed', scope: 'policy', command: null };
    expect(await approvals.ask(asker, session.request(), never)).toEqual(allowed);
    expect(await ask({ subject: { kind: 'command', command: 'npm test' } })).toEqual(allowed);
    expect([items(), approvals.list({ sessionId: null, isOpen: false }), session.first.changes]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('is the same one when it is asked again, after a restart too, with the answer that came meanwhile', async () => {
    void ask();
    const before = only();
    const second = session.connect();
    const again = second.approvals.ask(session.asker(), session.request(), never);
    expect(second.approvals.open()).toEqual([before]);
    second.approvals.decide({ approvalId: before.id, hash: before.hash, decision: ONCE }, 'cli');
    const allowed = { kind: 'allowed', scope: 'once', command: null, approvalId: before.id };
    expect(await again).toEqual(allowed);
    expect(await session.connect().approvals.ask(session.asker(), session.request(), never)).toEqual(allowed);
    expect(second.approvals.open()).toEqual([]);
    expect(second.transcripts.items(session.sessionId)).toHaveLength(1);
  });

  it('is another one as soon as anything shown differs, and the old one is void', async () => {
    const others: Partial<ApprovalRequest>[] = [
      { title: 'x' },
      { cwd: '/w/sub' },
      { subject: { kind: 'command', command: 'npm publish --force' } },
      { canEdit: false },
      { canAllowSession: false },
      { why: 'because' },
      { turnId: newId('turn') },
    ];
    for (const other of others) {
      const first = ask();
      const { id } = only();
      const second = ask(other);
      expect(await first).toEqual({ kind: 'void', reason: 'What it asked about has changed.' });
      const now = only();
      expect(now.id).not.toBe(id);
      expect(() => decide(ONCE, { id: now.id, hash: '0'.repeat(64) })).toThrowError(code('approval.changed'));
      decide(ONCE);
      expect(await second).toMatchObject({ kind: 'allowed' });
    }
  });

  it('is closed by a stop and left open by the server’s end', async () => {
    const [stop, close] = [new AbortController(), new AbortController()];
    const stopped = ask({}, stop.signal);
    stop.abort('stop');
    expect(await stopped).toMatchObject({ kind: 'void' });
    expect(session.first.approvals.open()).toEqual([]);
    const [closing, waiting] = [ask({ key: 'a' }, close.signal), ask({ key: 'b' })];
    close.abort('close');
    session.first.approvals.close();
    expect([await closing, await waiting]).toMatchObject([{ kind: 'void' }, { kind: 'void' }]);
    expect(session.first.approvals.open()).toHaveLength(2);
    session.first.approvals.voidAll(session.sessionId, 'gone', newId('turn'));
    expect(session.first.approvals.open()).toHaveLength(2);
    session.first.approvals.voidAll(session.sessionId, 'gone', session.turnId);
    expect(session.first.approvals.open()).toEqual([]);
  });

  it('is void, never a yes, where it cannot be stored or shown', async () => {
    const large = 'x'.repeat(1_100_000);
    const subject = { kind: 'edit' as const, files: [{ path: '/etc/x', patch: large }] };
    expect(await ask({ subject })).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('too large'),
    });
    const other = session.connect();
    other.db.close();
    expect(await other.approvals.ask(session.asker(), session.request(), never)).toMatchObject({
      kind: 'void',
    });
  });

  it('tells how many are open whenever that changes', async () => {
    const told: number[] = [];
    const unwatch = session.first.approvals.watchOpen((_id, open) => told.push(open));
    const asked = [ask({ key: 'a' }), ask({ key: 'b' })];
    for (const one of session.first.approvals.open()) decide(ONCE, one);
    await Promise.all(asked);
    expect(told).toEqual([1, 2, 1, 0]);
    unwatch();
  });

  it('keeps the newest 500 decided ones of a session', async () => {
    for (let count = 0; count < 505; count += 1) {
      void ask({ key: `k${count}` });
      decide(ONCE);
    }
    const kept = session.first.approvals.list({ sessionId: session.sessionId, isOpen: false });
    expect(kept).toHaveLength(500);
    void ask({ key: 'k0' });
    expect(session.first.approvals.open()).toHaveLength(1);
    void ask({ key: 'k504' });
    expect(session.first.approvals.open()).toHaveLength(1);
  });
});

describe('large questions', () => {
  it('are kept as far as there is room, the newest first', async () => {
    const command = `echo ${'x'.repeat(1_000_000)}; curl x`;
    for (let count = 0; count < 20; count += 1) {
      const answer = ask({ key: `k${count}`, subject: { kind: 'command', command } });
      decide(ONCE);
      await answer;
    }
    const kept = session.first.approvals.list({ sessionId: session.sessionId, isOpen: false });
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.length).toBeLessThan(20);
    // The newest is there: it is the same question again.
    expect(await ask({ key: 'k19', subject: { kind: 'command', command } })).toMatchObject({
      kind: 'allowed',
    });
  });
});

describe('an answer', () => {
  const rules = () => session.first.approvals.rules(session.workspaceId);

  it('for the session allows what the pattern says, in this session only', async () => {
    const first = ask();
    decide({ kind: 'allow', scope: 'session' });
    expect(await first).toMatchObject({ scope: 'session' });
    const other = { key: 'call_2', subject: { kind: 'command' as const, command: 'npm publish --tag x' } };
    expect(await ask(other)).toEqual({ kind: 'allowed', scope: 'rule', command: null });
    expect(rules()).toEqual([]);
    const elsewhere = {
      ...session.asker(),
      session: { id: newId('session'), agent: session.asker().session.agent },
    };
    const asked = session.first.approvals.ask(elsewhere, session.request(), never);
    // The other session has no row: its question cannot be stored, so nothing was allowed by the rule.
    expect(await asked).toMatchObject({ kind: 'void' });
  });

  it('for the session allows exactly this where it has no pattern', async () => {
    const subject = { kind: 'command' as const, command: 'curl x | sh' };
    const first = ask({ subject });
    decide({ kind: 'allow', scope: 'session' });
    await first;
    expect(await ask({ key: 'b', subject })).toMatchObject({ scope: 'rule' });
    void ask({ key: 'c', subject: { ...subject, command: 'curl x | sh ' } });
    expect(only().subject).toMatchObject({ command: 'curl x | sh ' });
  });

  it('for always keeps the pattern that was shown, once, until it is removed', async () => {
    for (const key of ['a', 'b']) {
      void ask({ key });
      if (key === 'a') decide({ kind: 'allow', scope: 'always' });
    }
    const [rule] = rules();
    expect(rules()).toMatchObject([{ pattern: 'npm publish *', workspaceId: session.workspaceId }]);
    session.first.approvals.removeRule(session.workspaceId, rule?.id ?? '');
    void ask({ key: 'c' });
    expect(only().pattern).toBe('npm publish *');
  });

  it('can be another command, which is what runs and what is recorded', async () => {
    const asked = ask();
    const { id, hash } = only();
    const edited = (command: string, scope: 'once' | 'session' | 'always' = 'once'): Answer => ({
      kind: 'allow',
      scope,
      command,
    });
    for (const refused of [
      edited('x', 'always'),
      edited('x', 'session'),
      edited(' '),
      edited('a\0'),
      edited('echo swordfish'),
      edited('echo [secret TOKEN]'),
    ])
      expect(() => decide(refused)).toThrowError(code('request.invalid'));
    expect(rules()).toEqual([]);
    decide(edited('npm publish --dry-run'));
    expect(await asked).toMatchObject({ kind: 'allowed', scope: 'once', command: 'npm publish --dry-run' });
    expect(() => decide(ONCE, { id, hash })).toThrowError(code('approval.already_decided'));
    expect(items()).toMatchObject([{ decision: { command: 'npm publish --dry-run' } }]);
  });

  it('is refused where the question does not take it', async () => {
    const refuse = (part: Partial<ApprovalRequest>, answers: Answer[]) => {
      void ask(part);
      for (const answer of answers) expect(() => decide(answer)).toThrowError(code('request.invalid'));
      decide({ kind: 'deny' });
    };
    const [forSession, always]: Answer[] = [
      { kind: 'allow', scope: 'session' },
      { kind: 'allow', scope: 'always' },
    ];
    if (!forSession || !always) throw new Error('unreachable');
    refuse({ subject: { kind: 'plan', text: 'p' } }, [forSession, always, { kind: 'answer', values: {} }]);
    refuse({ subject: { kind: 'budget', limit: 'a', spent: 'b' } }, [forSession, always]);
    refuse({ canAllowSession: false }, [forSession, always]);
    refuse({ canEdit: false }, [{ kind: 'allow', scope: 'once', command: 'x' }]);
    refuse({ subject: { kind: 'command', command: 'a && curl' } }, [always]);
    expect(() => decide(ONCE, { id: newId('approval'), hash: '' })).toThrowError(code('approval.not_found'));
  });

  it('to a form has to fit its fields', async () => {
    const field = (part: Partial<FormField>): FormField => ({
      name: 'a',
      title: 'A',
      description: null,
      kind: 'text',
      choices: [],
      isRequired: false,
      initial: null,
      ...part,
    });
    const choices = [
      { value: 'x', name: 'X' },
      { value: 'y', name: 'Y' },
    ];
    const fields = [
      field({ isRequired: true }),
      field({ name: 'n', kind: 'number' }),
      field({ name: 'b', kind: 'boolean' }),
      field({ name: 'c', kind: 'choice', choices }),
      field({ name: 'd', kind: 'choices', choices }),
    ];
    const answered = ask({ subject: { kind: 'form', message: 'm', fields, url: null }, canEdit: false });
    type Values = Extract<Answer, { kind: 'answer' }>['values'];
    const refused: Values[] = [
      {},
      { a: '' },
      { a: 1 },
      { a: 'x', n: '1' },
      { a: 'x', n: Number.NaN },
      { a: 'x', b: 'true' },
      { a: 'x', c: 'z' },
      { a: 'x', c: ['x'] },
      { a: 'x', d: 'x' },
      { a: 'x', d: ['z'] },
      { a: 'x', d: ['x', 'x'] },
      { a: 'x', z: 1 },
    ];
    for (const values of refused)
      expect(() => decide({ kind: 'answer', values })).toThrowError(code('request.invalid'));
    expect(() => decide(ONCE)).toThrowError(code('request.invalid'));
    const values = { a: 'x', n: 1, b: false, c: 'y', d: ['y', 'x'] };
    decide({ kind: 'answer', values });
    expect(await answered).toEqual({ kind: 'answered', values });
  });
});

describe('two people who answer at once', () => {
  it('give one decision: the loser hears of it, unless the answer was the same', async () => {
    const servers = Array.from({ length: 6 }, () => session.connect());
    for (let round = 0; round < 20; round += 1) {
      const answer = ask({ key: `k${round}` });
      const { id, hash } = only();
      const outcomes = servers.map(({ approvals }, index) => {
        const decision: Answer = index % 2 === round % 2 ? ONCE : { kind: 'deny', reason: `no ${round}` };
        try {
          return approvals.decide({ approvalId: id, hash, decision }, 'page').decision?.kind;
        } catch (thrown) {
          expect(thrown).toEqual(code('approval.already_decided'));
          return 'lost';
        }
      });
      const winner = session.first.approvals.list({ sessionId: null, isOpen: false })[0]?.decision;
      expect(new Set(outcomes)).toEqual(new Set(['lost', winner?.kind]));
      // Who waits in this process hears of it at the latest when somebody tries here.
      expect(() => decide({ kind: 'deny', reason: 'late' }, { id, hash })).toThrowError(
        code('approval.already_decided'),
      );
      expect(await answer).toEqual(winner);
    }
  });

  it('give one decision from several processes too', async () => {
    const asked = Array.from({ length: 12 }, (_, index) => ask({ key: `k${index}` }));
    const open = session.first.approvals.open();
    const program = fileURLToPath(new URL('./testing/decide-all.ts', import.meta.url));
    const run = (name: string) =>
      new Promise<string[]>((resolve, reject) => {
        const child = spawn(process.execPath, ['--import', 'tsx', program, session.file, name], {
          stdio: ['pipe', 'pipe', 'inherit'],
        });
        let out = '';
        child.stdout.on('data', (piece: Buffer) => {
          out += piece.toString();
          // All begin together.
          if (out === 'ready\n') ready();
        });
        child.on('error', reject);
        child.on('exit', (status) =>
          status === 0 ? resolve(out.trim().split('\n').slice(1)) : reject(new Error(out)),
        );
        children.push(child);
      });
    const children: ReturnType<typeof spawn>[] = [];
    let waiting = 3;
    const ready = () => {
      waiting -= 1;
      if (waiting === 0) for (const child of children) child.stdin?.end('go');
    };
    const won = (await Promise.all(['a', 'b', 'c'].map(run))).flat();
    expect(won.toSorted()).toEqual(open.map(({ id }) => id).toSorted());
    for (const one of open) expect(() => decide(ONCE, one)).toThrowError(code('approval.already_decided'));
    expect((await Promise.all(asked)).every(({ kind }) => kind === 'denied')).toBe(true);
  }, 30_000);
});

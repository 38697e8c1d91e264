import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Approval } from '@farhand/shared/model/approvals';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { JobSpec } from '@farhand/shared/runtime/port';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { wrapRuntime } from '../../../runtimes/wrapped-runtime.ts';
import { AgentBench, type BenchOptions } from '../testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const call = (name: string, args: unknown): ModelStep => ({ call: { name, arguments: args } });
const start = async (calls: ModelStep[], options: Partial<BenchOptions> = {}) => {
  bench = await AgentBench.start({
    approvalPolicy: 'ask_all',
    ...options,
    script: [calls, [{ text: 'Done.' }]],
  });
  bench.prompt('go');
};
const asked = async (): Promise<Approval> => {
  await bench.when(() => bench.server.approvals.open().length > 0);
  const [first] = bench.server.approvals.open();
  if (!first) throw new Error('nothing is open');
  return first;
};
const decide = (one: Approval, decision: ParsedInput<'approval.decide'>['decision']) =>
  bench.server.approvals.decide({ approvalId: one.id, hash: one.hash, decision }, 'page');
const told = () => bench.model.requests.at(-1)?.messages.findLast(({ role }) => role === 'tool')?.content;
const ONCE = { kind: 'allow', scope: 'once' } as const;

describe('the built-in agent’s asking', () => {
  it('shows the exact command and waits; the session is blocked, the call has not begun', async () => {
    await start([call('bash', { command: 'echo ran > ran', description: 'Looks harmless' })]);
    const one = await asked();
    expect(one).toMatchObject({
      title: 'Run echo ran > ran',
      subject: { kind: 'command', command: 'echo ran > ran' },
      cwd: bench.directory,
      canEdit: true,
      itemId: bench.call(0).id,
    });
    expect(bench.call(0)).toMatchObject({ state: 'pending', startedAt: null, jobId: null });
    expect(bench.server.sessions.get(bench.sessionId).state).toBe('blocked');
    decide(one, ONCE);
    await bench.whenEnded();
    expect(bench.file('ran')).toBe('ran\n');
    expect(bench.items.find(({ kind }) => kind === 'approval')).toMatchObject({
      decision: { kind: 'allowed' },
    });
  });

  it('says by whose word the command’s job runs', async () => {
    const words: JobSpec['allowedBy'][] = [];
    const wrap: BenchOptions['wrap'] = (runtime) =>
      wrapRuntime(runtime, {
        jobs: {
          start(spec) {
            words.push(spec.allowedBy);
            return runtime.jobs.start(spec);
          },
        },
      });
    await start([call('bash', { command: 'true' })], { wrap });
    const one = await asked();
    decide(one, ONCE);
    await bench.whenEnded();
    expect(words).toEqual([{ approvalId: one.id, rule: null }]);
  });

  it('tells the model of a denial with its reason, and nothing runs', async () => {
    await start([call('bash', { command: 'touch ran', background: true })]);
    decide(await asked(), { kind: 'deny', reason: 'use the other folder' });
    await bench.whenEnded();
    expect(told()).toContain('The user denied this, so it was not run. The user says: use the other folder');
    expect(bench.call(0)).toMatchObject({ state: 'failed', jobId: null });
    expect(() => bench.file('ran')).toThrowError('ENOENT');
    expect(bench.turn.state).toBe('done');
  });

  it('runs the edited command in place of the other, and says so', async () => {
    await start([call('bash', { command: 'echo one > out', description: 'One' })]);
    decide(await asked(), { ...ONCE, command: 'echo two > out' });
    await bench.whenEnded();
    expect(bench.file('out')).toBe('two\n');
    expect(told()).toContain('The user edited the command before it ran. What ran is:\necho two > out');
    expect(bench.call(0)).toMatchObject({
      title: 'echo two > out',
      view: { kind: 'command', command: 'echo two > out' },
      input: { command: 'echo two > out' },
    });
  });

  it('goes on with the edited command when the server is killed while it runs', async () => {
    await start([call('bash', { command: 'echo one' })]);
    decide(await asked(), { ...ONCE, command: 'echo two; until [ -e go ]; do sleep 0.02; done; echo three' });
    await bench.when(() => bench.calls[0]?.output === 'two\n');
    bench.restart();
    writeFileSync(join(bench.directory, 'go'), '');
    await bench.whenEnded();
    expect(bench.call(0).output).toBe('two\nthree\n');
    expect(told()).toContain('The user edited the command');
    expect(bench.server.approvals.list({ sessionId: null, isOpen: false })).toHaveLength(1);
  });

  it('asks the same question after a restart in the middle of it', async () => {
    await start([call('bash', { command: 'echo x >> runs' })]);
    const before = await asked();
    bench.restart();
    await bench.when(() => bench.server.sessions.get(bench.sessionId).state === 'blocked');
    expect(bench.server.approvals.open()).toEqual([before]);
    expect(bench.call(0).state).toBe('pending');
    decide(before, ONCE);
    await bench.whenEnded();
    expect(bench.file('runs')).toBe('x\n');
    expect(bench.items.filter(({ kind }) => kind === 'approval')).toHaveLength(1);
  });

  it('shows an edit as the diff that it makes, and asks anew when the file changes meanwhile', async () => {
    await start([call('edit_file', { path: 'a.txt', old_text: 'b', new_text: 'B' })], {
      files: { 'a.txt': 'a\nb\n' },
    });
    const first = await asked();
    expect(first).toMatchObject({ title: 'Change a.txt', canEdit: false });
    expect(first.subject).toMatchObject({ kind: 'edit', files: [{ path: 'a.txt' }] });
    expect(JSON.stringify(first.subject)).toContain('-b\\n+B');
    writeFileSync(join(bench.directory, 'a.txt'), 'a\nnew\nb\n');
    decide(first, ONCE);
    await bench.when(() => bench.server.approvals.open().some(({ id }) => id !== first.id));
    expect(bench.file('a.txt')).toBe('a\nnew\nb\n');
    const second = await asked();
    expect(second.hash).not.toBe(first.hash);
    decide(second, ONCE);
    await bench.whenEnded();
    expect(bench.file('a.txt')).toBe('a\nnew\nB\n');
  });

  it('asks about a file that is written, also where it is too large to be drawn', async () => {
    const content = Array.from({ length: 20_000 }, (_, index) => `line ${index}`).join('\n');
    await start([call('write_file', { path: 'big', content })]);
    const one = await asked();
    expect(JSON.stringify(one.subject)).toMatch(/SHA-256 before [0-9a-f]{64}, after [0-9a-f]{64}/);
    expect(JSON.stringify(one.subject)).toContain('+line 19999');
    decide(one, { kind: 'deny' });
    await bench.whenEnded();
    expect(() => bench.file('big')).toThrowError('ENOENT');
  });

  it('asks nobody about what is too large to be read, and does not do it', async () => {
    const content = `${'harmless\n'.repeat(125_000)}end`;
    await start([call('write_file', { path: 'big', content })]);
    await bench.whenEnded();
    expect(told()).toContain('too large to be shown, so nobody can be asked');
    expect(bench.server.approvals.list({ sessionId: null, isOpen: false })).toEqual([]);
    expect(() => bench.file('big')).toThrowError('ENOENT');
  });

  it('asks before it reads where everything is asked for', async () => {
    await start(
      [call('read_file', { path: 'a.txt' }), call('search', { pattern: 'one' }), call('list_files', {})],
      { files: { 'a.txt': 'one\n' } },
    );
    await bench.when(() => bench.server.approvals.open().length === 3);
    const open = bench.server.approvals.open();
    expect(open.map(({ title }) => title).toSorted()).toEqual(['List .', 'Read a.txt', 'Search . for one']);
    for (const one of open) decide(one, one.title === 'Read a.txt' ? { kind: 'deny' } : ONCE);
    await bench.whenEnded();
    expect(bench.calls.map(({ state }) => state)).toEqual(['failed', 'done', 'done']);
  });

  it('asks nothing for reads otherwise, nor for a call that cannot work', async () => {
    await start(
      [
        call('read_file', { path: 'a.txt' }),
        call('todo', { todos: [] }),
        call('edit_file', { path: 'a.txt', old_text: 'not there', new_text: 'B' }),
        call('write_file', { path: '../out', content: '' }),
      ],
      { files: { 'a.txt': 'a\n' }, approvalPolicy: 'ask_writes' },
    );
    await bench.whenEnded();
    expect(bench.calls.map(({ state }) => state)).toEqual(['done', 'done', 'failed', 'failed']);
    expect(bench.server.approvals.list({ sessionId: null, isOpen: false })).toEqual([]);
  });

  it('closes the question when the turn is stopped or its session deleted', async () => {
    await start([call('bash', { command: 'touch ran' })]);
    const one = await asked();
    await bench.server.sessions.stop(bench.sessionId);
    expect(bench.server.approvals.open()).toEqual([]);
    expect(() => decide(one, ONCE)).toThrowError(
      expect.objectContaining({ code: 'approval.already_decided' }),
    );
    expect(bench.call(0).state).toBe('stopped');
    expect(() => bench.file('ran')).toThrowError('ENOENT');
    expect(bench.items.find(({ kind }) => kind === 'approval')).toMatchObject({ decision: { kind: 'void' } });
  });

  it('runs what stays in the workspace without asking under `ask_outside`, and asks for the rest', async () => {
    await start([call('bash', { command: 'mkdir sub' }), call('bash', { command: 'cat /etc/hostname' })], {
      approvalPolicy: 'ask_outside',
    });
    const one = await asked();
    expect(one).toMatchObject({
      subject: { command: 'cat /etc/hostname' },
      why: expect.stringContaining('is outside'),
    });
    expect(bench.call(0).state).toBe('done');
    decide(one, { kind: 'deny' });
    await bench.whenEnded();
  });
});

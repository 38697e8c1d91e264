import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from './testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const call = (name: string, args: unknown): ModelStep => ({ call: { name, arguments: args } });
const code = (expected: string) => expect.objectContaining({ code: expected });
// A process that ended and whose parent has not looked yet counts as gone.
const isGone = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() === '' || stdout.trim().startsWith('Z');
};
// The same object with some methods of its own: what is behind may be of a class.
const override = <Target extends object>(target: Target, methods: Partial<Target>): Target =>
  new Proxy(target, {
    get(object, name) {
      const own = Reflect.get(methods, name);
      if (own) return own;
      const value: unknown = Reflect.get(object, name);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
const toolTexts = (request: ModelRequest | undefined) =>
  request?.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
function promiseWithRelease(): { gate: Promise<void>; release: () => void } {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { gate, release };
}

describe('stopping a turn', () => {
  it('ends the running command with its whole process group', async () => {
    await start({
      script: [
        [call('bash', { command: 'sleep 300 & echo pid $!; wait' }), call('todo', { todos: [] })],
        [{ text: 'Going on.' }],
      ],
    });
    bench.prompt('go');
    await bench.when(() => /pid \d+\n/.test(bench.calls[0]?.output ?? ''));
    expect(() => bench.prompt('more')).toThrowError(code('session.busy'));
    const pid = Number(/\d+/.exec(bench.call(0).output)?.[0]);
    await bench.server.sessions.stop(bench.sessionId);
    expect(isGone(pid)).toBe(true);
    expect(bench.calls.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    expect(bench.call(0).exit).toEqual({ kind: 'signaled', signal: 'SIGTERM' });
    expect(bench.turn.state).toBe('stopped');
    expect(bench.server.sessions.get(bench.sessionId).state).toBe('idle');
    await bench.promptAndWait('go on');
    expect(toolTexts(bench.model.requests[1])?.[0]).toContain('The user stopped this command');
  });

  it('keeps what was said and forgets the call that was being written', async () => {
    const { gate } = promiseWithRelease();
    await start({
      script: [[{ text: 'I begin.' }, { call: { name: 'bash', arguments: {} }, gate }], [{ text: 'Again.' }]],
    });
    bench.prompt('go');
    await bench.when(() => bench.texts[0] === 'I begin.');
    await bench.server.sessions.stop(bench.sessionId);
    expect(bench.items.map(({ kind }) => kind)).toEqual(['user_message', 'turn', 'text']);
    await bench.promptAndWait('again');
    expect(bench.model.requests[1]?.messages.slice(1).map(({ content }) => content)).toEqual([
      'go',
      'I begin.',
      'again',
    ]);
  });

  it('ends what the turn left in the background', async () => {
    const { gate } = promiseWithRelease();
    await start({
      script: [
        [call('bash', { command: 'echo pid $$ > pid; echo ready; exec sleep 300', background: true })],
        [call('bash', { command: 'until [ -s pid ]; do sleep 0.02; done; cat pid' })],
        [{ text: 'x', gate }],
      ],
    });
    bench.prompt('go');
    await bench.model.whenRequested(3);
    const pid = Number(/\d+/.exec(bench.call(1).output)?.[0]);
    expect(isGone(pid)).toBe(false);
    await bench.server.sessions.stop(bench.sessionId);
    expect(isGone(pid)).toBe(true);
  });

  it('does nothing where nothing runs', async () => {
    await start({ script: [] });
    await bench.server.sessions.stop(bench.sessionId);
    expect(bench.server.sessions.get(bench.sessionId).state).toBe('idle');
  });
});

describe('a server that was killed in a turn', () => {
  it('finds the running command again: its output once, and the turn goes on', async () => {
    await start({
      script: [
        [
          { text: 'I run it.' },
          call('bash', {
            command: 'echo begin; echo x >> runs; until [ -e go ]; do sleep 0.02; done; echo end',
          }),
        ],
        [{ text: 'It ended.' }],
      ],
    });
    bench.prompt('go');
    await bench.when(() => bench.calls[0]?.output === 'begin\n');
    bench.restart();
    const page = bench.watchAsPage();
    expect(page()).toEqual([]);
    expect(bench.server.sessions.get(bench.sessionId).state).toBe('working');
    writeFileSync(join(bench.directory, 'go'), '');
    await bench.whenEnded();
    expect(bench.turn.state).toBe('done');
    expect(bench.call(0)).toMatchObject({
      state: 'done',
      output: 'begin\nend\n',
      exit: { kind: 'exited', code: 0 },
    });
    expect(bench.file('runs')).toBe('x\n');
    expect(bench.texts).toEqual(['I run it.', 'It ended.']);
    expect(toolTexts(bench.model.requests[1])).toEqual(['begin\nend\n[exit status 0]']);
  });

  it('asks again for the answer that was streaming', async () => {
    const { gate } = promiseWithRelease();
    await start({ script: [[{ text: 'Half' }, { text: 'never', gate }], [{ text: 'Whole.' }]] });
    bench.prompt('go');
    await bench.when(() => bench.texts[0] === 'Half');
    bench.restart();
    await bench.whenEnded();
    expect(bench.texts).toEqual(['Whole.']);
    expect(bench.items.map(({ kind }) => kind)).toEqual(['user_message', 'turn', 'discarded', 'text']);
    expect(bench.model.requests[1]?.messages.slice(1).map(({ content }) => content)).toEqual(['go']);
  });

  it('tells the model truthfully of a change that was under way, and reads again', async () => {
    const { gate, release } = promiseWithRelease();
    let isHeld = true;
    const hold = (runtime: Runtime): Runtime => ({
      ...runtime,
      files: override(runtime.files, {
        write: async (path, ...rest) => {
          if (isHeld && path.endsWith('held')) await gate;
          return runtime.files.write(path, ...rest);
        },
      }),
    });
    const script = [
      [
        call('edit_file', { path: 'held', old_text: 'a', new_text: 'b' }),
        call('read_file', { path: 'held' }),
      ],
      [{ text: 'Well.' }],
    ];
    await start({ files: { held: 'a\n' }, script, wrap: hold });
    bench.prompt('go');
    await bench.when(() => bench.calls[0]?.state === 'running');
    isHeld = false;
    bench.restart();
    await bench.whenEnded();
    release();
    expect(toolTexts(bench.model.requests[1])).toEqual([
      expect.stringContaining('may or may not have taken effect'),
      '     1\ta',
    ]);
    expect(bench.calls.map(({ state }) => state)).toEqual(['failed', 'done']);
  });

  it('goes on after an orderly stop too, and nothing on the host is ended', async () => {
    await start({
      script: [
        [call('bash', { command: 'echo a; until [ -e go ]; do sleep 0.02; done; echo b' })],
        [{ text: 'Done.' }],
      ],
    });
    bench.prompt('go');
    await bench.when(() => bench.calls[0]?.output === 'a\n');
    await bench.server.sessions.close();
    expect(bench.call(0).state).toBe('running');
    bench.restart();
    writeFileSync(join(bench.directory, 'go'), '');
    await bench.whenEnded();
    expect(bench.call(0).output).toBe('a\nb\n');
    expect(bench.turn.state).toBe('done');
  });
});

describe('a host out of reach', () => {
  it('is waited for: the session says so, and the command’s output has no gap and no repeat', async () => {
    let isAway = false;
    const listeners = new Set<(state: ConnectionState) => void>();
    const cuts = new Set<() => void>();
    const lost = () => new FarhandError('host.connection_lost');
    const flaky = (runtime: Runtime): Runtime => ({
      ...runtime,
      watchConnection(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      jobs: override(runtime.jobs, {
        async attach(id, options) {
          if (isAway) throw lost();
          const controller = new AbortController();
          const cut = () => controller.abort();
          cuts.add(cut);
          const signal = AbortSignal.any([controller.signal, ...(options.signal ? [options.signal] : [])]);
          const end = await runtime.jobs.attach(id, { ...options, signal });
          cuts.delete(cut);
          if (controller.signal.aborted) throw lost();
          return end;
        },
      }),
    });
    await start({
      script: [
        [call('bash', { command: 'echo a; until [ -e go ]; do sleep 0.02; done; echo b' })],
        [{ text: 'Done.' }],
      ],
      wrap: flaky,
    });
    bench.prompt('go');
    await bench.when(() => bench.calls[0]?.output === 'a\n');
    isAway = true;
    for (const cut of cuts) cut();
    await bench.when(() => bench.server.sessions.get(bench.sessionId).state === 'contact_lost');
    expect(bench.call(0)).toMatchObject({ state: 'running', exit: null });
    writeFileSync(join(bench.directory, 'go'), '');
    isAway = false;
    for (const listener of listeners) listener({ state: 'connected', latencyMs: 1 });
    await bench.whenEnded();
    expect(bench.call(0)).toMatchObject({ state: 'done', output: 'a\nb\n' });
    expect(bench.server.sessions.get(bench.sessionId).state).toBe('done');
  });
});

describe('a deleted session', () => {
  it('leaves no process and no job on the host, and no row', async () => {
    await start({ script: [[call('bash', { command: 'echo pid $$; exec sleep 300' })]] });
    bench.prompt('go');
    await bench.when(() => /pid \d+\n/.test(bench.calls[0]?.output ?? ''));
    const pid = Number(/\d+/.exec(bench.call(0).output)?.[0]);
    await bench.server.sessions.delete(bench.sessionId);
    expect(isGone(pid)).toBe(true);
    expect(await bench.server.runtime.jobs.list(bench.workspaceId)).toEqual([]);
    expect(bench.items).toEqual([]);
    expect(bench.server.sessions.list()).toEqual([]);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AgentBench, type BenchOptions } from '../testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
};
const run = (command: string, background = false): ModelStep => ({
  call: { name: 'bash', arguments: { command, background } },
});
const untilGo = 'until [ -e go ]; do sleep 0.02; done; echo bye; exit 3';
const go = () => writeFileSync(join(bench.directory, 'go'), '');
const notices = () => bench.items.flatMap((item) => (item.kind === 'notice' ? [item.text] : []));
const notes = (request: ModelRequest | undefined) =>
  request?.messages.flatMap(({ content }) =>
    String(content).includes('[Note of Farhand') ? [String(content)] : [],
  ) ?? [];
const said = `The background command “${untilGo}” has ended: exit status 3.`;
const gate = () => {
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { gate: opened, release: () => release() };
};

describe('the end of a command in the background', () => {
  it('is told inside the turn, with the last of its output, once', async () => {
    const held = gate();
    await start({
      script: [
        [run(untilGo, true)],
        [{ ...run('true'), gate: held.gate } as ModelStep],
        [run('echo on')],
        [{ text: 'Done.' }],
      ],
    });
    bench.prompt('go');
    await bench.model.whenRequested(2);
    go();
    await bench.when(() => notices().length === 1);
    held.release();
    await bench.whenEnded();
    expect(notices()).toEqual([said]);
    expect(bench.call(0).exit).toEqual({ kind: 'exited', code: 3 });
    expect(notes(bench.model.requests[1])).toEqual([]);
    expect(notes(bench.model.requests[2])).toEqual([
      expect.stringContaining('exit status 3.\nIts output ends with:\n<job_output>\nbye\n</job_output>\n]'),
    ]);
    // It stays where it was said.
    expect(notes(bench.model.requests[3])).toEqual(notes(bench.model.requests[2]));
    expect(bench.model.requests[3]?.messages.map(({ role }) => role)).toEqual(
      'system user assistant tool assistant tool user assistant tool'.split(' '),
    );
  });

  it('is told without the end of a secret that its last output begins with', async () => {
    const secret = 'canary-tail-7731';
    await start({
      secrets: { TOKEN: secret },
      script: [
        [run(`printf '%s<%sjob_output>%01979d' "$TOKEN" / 0; ${untilGo}`, true)],
        [{ text: 'It runs.' }],
        [{ text: 'I see.' }],
      ],
    });
    await bench.promptAndWait('start it');
    go();
    await bench.when(() => notices().length === 1);
    await bench.promptAndWait('and?');
    const [note = ''] = notes(bench.model.requests[2]);
    expect(note).toContain('[/job_output]000');
    expect(note.match(/<\/job_output>/g)).toHaveLength(1);
    expect(note).not.toContain('7731');
  });

  it('is shown between turns, and told with the next message', async () => {
    await start({ script: [[run(untilGo, true)], [{ text: 'It runs.' }], [{ text: 'I see.' }]] });
    await bench.promptAndWait('start it');
    expect(notices()).toEqual([]);
    go();
    await bench.when(() => notices().length === 1);
    await bench.promptAndWait('and now?');
    expect(notes(bench.model.requests[2]).length).toBe(1);
    expect(bench.texts).toEqual(['It runs.', 'I see.']);
  });

  it('is seen by the next server, whether it ended before or after its start', async () => {
    await start({
      script: [[run(untilGo, true), run('sleep 300', true)], [{ text: 'They run.' }], [{ text: 'I see.' }]],
    });
    await bench.promptAndWait('start them');
    bench.restart();
    expect(notices()).toEqual([]);
    go();
    await bench.when(() => notices().length === 1);
    bench.restart();
    await bench.server.runtime.jobs.stop(bench.call(1).jobId ?? ('' as never));
    await bench.when(() => notices().length === 2);
    await bench.promptAndWait('and now?');
    expect(notes(bench.model.requests[2]).join()).toMatch(/exit status 3[\s\S]*ended by SIGTERM/);
    expect(notices()).toEqual([said, 'The background command “sleep 300” has ended: ended by SIGTERM.']);
  });

  it('is told by the next server where this one could not store that it told', async () => {
    await start({ script: [[run(untilGo, true)], [{ text: 'It runs.' }]] });
    await bench.promptAndWait('start it');
    const { db } = bench.server;
    const notice = `new.item LIKE '%"kind":"notice"%'`;
    db.run(
      `CREATE TRIGGER full BEFORE INSERT ON transcript_items WHEN ${notice} BEGIN SELECT raise(abort, 'full'); END`,
    );
    const stored = vi.spyOn(db, 'transaction');
    go();
    await expect.poll(() => stored.mock.results.some(({ type }) => type === 'throw')).toBe(true);
    bench.restart();
    bench.server.db.run('DROP TRIGGER full');
    await bench.when(() => notices().length === 1);
    expect(notices()).toEqual([said]);
  });

  it('waits for a host that is away', async () => {
    let isAway = false;
    const listeners = new Set<(state: ConnectionState) => void>();
    const away = new AbortController();
    const cut = <Value>(work: () => Promise<Value>): Promise<Value> => {
      const lost = () => new FarhandError('host.connection_lost');
      if (isAway) return Promise.reject(lost());
      const onCut = new Promise<never>((_, reject) =>
        away.signal.addEventListener('abort', () => reject(lost())),
      );
      return Promise.race([work(), onCut]);
    };
    const wrap = (runtime: Runtime): Runtime => ({
      ...bound(runtime),
      watchConnection(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      jobs: {
        ...bound(runtime.jobs),
        get: (id) => cut(() => runtime.jobs.get(id)),
        attach: (id, options) => cut(() => runtime.jobs.attach(id, options)),
      },
    });
    await start({ wrap, script: [[run(untilGo, true)], [{ text: 'It runs.' }]] });
    await bench.promptAndWait('start it');
    isAway = true;
    away.abort();
    go();
    isAway = false;
    for (const listener of listeners) listener({ state: 'connected' } as ConnectionState);
    await bench.when(() => notices().length === 1);
    expect(notices()).toEqual([said]);
  });

  it('is told to nobody where the person stopped the turn', async () => {
    const held = gate();
    await start({
      script: [[run('sleep 300', true)], [{ text: 'x', gate: held.gate }], [{ text: 'Again.' }]],
    });
    bench.prompt('go');
    await bench.model.whenRequested(2);
    await bench.server.sessions.stop(bench.sessionId);
    held.release();
    await bench.promptAndWait('again');
    expect(notices()).toEqual([]);
    expect(notes(bench.model.requests[2])).toEqual([]);
  });
});

// All methods of what is behind, which may be of a class.
function bound<Target extends object>(target: Target): Target {
  return new Proxy(target, {
    ownKeys: (object) => {
      const names = new Set<string | symbol>(Reflect.ownKeys(object));
      for (
        let at: object | null = Object.getPrototypeOf(object);
        at && at !== Object.prototype;
        at = Object.getPrototypeOf(at)
      )
        for (const name of Reflect.ownKeys(at)) if (name !== 'constructor') names.add(name);
      return [...names];
    },
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench } from './testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const RETRYING: ConnectionState = { state: 'retrying', attempt: 1, nextAt: '', code: '', message: '' };
const CONNECTED: ConnectionState = { state: 'connected', latencyMs: 1 };
const bash = (command: string): ModelStep => ({ call: { name: 'bash', arguments: { command } } });

/** A host whose network a test takes away. */
function createNetwork() {
  const listeners = new Set<(state: ConnectionState) => void>();
  let isAway = false;
  const tell = () => {
    for (const listener of listeners) listener(isAway ? RETRYING : CONNECTED);
  };
  const guarded = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (isAway) return Promise.reject(new FarhandError('host.connection_lost'));
          return Reflect.apply(value, object, args);
        };
      },
    });
  return {
    wrap: (runtime: Runtime): Runtime => ({
      ...runtime,
      jobs: guarded(runtime.jobs),
      connection: () => (isAway ? RETRYING : CONNECTED),
      watchConnection(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
    takeAway() {
      isAway = true;
      tell();
    },
    bringBack() {
      isAway = false;
      tell();
    },
  };
}

const isAlive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const pidOf = () => Number(/pid (\d+)/.exec(bench.call(0).output)?.[1]);
const notices = () => bench.items.flatMap((item) => (item.kind === 'notice' ? [item.text] : []));

describe('a stop while the host is away', () => {
  it('is kept, is said to be kept, and is carried out on return with what the host says of the end', async () => {
    const network = createNetwork();
    bench = await AgentBench.start({ script: [[bash('echo pid $$; exec sleep 300')]], wrap: network.wrap });
    bench.prompt('go');
    await bench.when(() => /pid \d+\n/.test(bench.calls[0]?.output ?? ''));
    network.takeAway();
    await bench.server.sessions.stop(bench.sessionId);
    expect(bench.turn.state).toBe('stopped');
    expect(bench.call(0)).toMatchObject({ state: 'stopped', exit: null });
    expect(bench.call(0).result).toContain('The stop is kept');
    expect(notices()).toEqual([]);
    expect(isAlive(pidOf())).toBe(true);
    const published: number[] = [];
    bench.server.feed.watch((change) => {
      if (change.type === 'changed' && change.entity.kind === 'session')
        published.push(change.entity.value.lastSeq);
    });
    network.bringBack();
    await bench.when(() => notices().length > 0);
    // What marks the session as unseen counts the notice in.
    expect(published.at(-1)).toBe(bench.server.transcripts.lastSeq(bench.sessionId));
    expect(notices()[0]).toContain('was carried out (ended by SIGTERM)');
    expect(bench.call(0).exit).toEqual({ kind: 'signaled', signal: 'SIGTERM' });
    expect(isAlive(pidOf())).toBe(false);
  });

  it('is carried out by the next server, also of a command in the background', async () => {
    const network = createNetwork();
    const command = 'echo $$ >pid; exec sleep 300';
    bench = await AgentBench.start({
      script: [
        [{ call: { name: 'bash', arguments: { command, background: true } } }],
        [bash('until [ -s pid ]; do sleep 0.02; done; echo pid $(cat pid); sleep 300')],
      ],
      wrap: network.wrap,
    });
    bench.prompt('go');
    await bench.when(() => /pid \d+\n/.test(bench.calls[1]?.output ?? ''));
    const pid = Number(bench.file('pid'));
    network.takeAway();
    await bench.server.sessions.stop(bench.sessionId);
    bench.restart();
    expect(isAlive(pid)).toBe(true);
    network.bringBack();
    await bench.when(() => notices().length === 2);
    expect(isAlive(pid)).toBe(false);
    expect(bench.calls.map(({ exit }) => exit)).toEqual(
      Array.from({ length: 2 }, () => ({ kind: 'signaled', signal: 'SIGTERM' })),
    );
  });
});

describe('a host that was started anew', () => {
  it('is told to the model as what ended the command', async () => {
    bench = await AgentBench.start({
      script: [[bash('echo pid $$; exec sleep 300')], [{ text: 'I see.' }]],
    });
    bench.prompt('go');
    await bench.when(() => /pid \d+\n/.test(bench.calls[0]?.output ?? ''));
    const record = join(bench.folder, 'home/.farhand/jobs', bench.call(0).jobId ?? '', 'pid');
    const [keeper, keeperStart, program, programStart, , dot] = readFileSync(record, 'utf8').split(' ');
    const otherBoot = '00000000-0000-4000-8000-000000000000';
    writeFileSync(record, [keeper, keeperStart, program, programStart, otherBoot, dot].join(' '));
    process.kill(Number(keeper), 'SIGKILL');
    process.kill(-Number(program), 'SIGKILL');
    await bench.whenEnded();
    expect(bench.call(0)).toMatchObject({ state: 'failed', exit: { kind: 'rebooted' } });
    expect(bench.call(0).result).toContain('[ended by the host’s reboot]');
  });
});

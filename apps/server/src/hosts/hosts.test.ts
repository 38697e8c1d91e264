import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState, HostId, HostQuestion } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAliases } from './ssh-aliases.ts';
import { openHostBench } from './testing/host-bench.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'farhand-hosts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const CONFIG = `
Include conf.d/*.conf
Host gpu-1 gpu-2 *.internal !bad
  HostName 10.0.0.1
Host *
  ServerAliveInterval 10
Match host gpu-1 exec "true"
  User ada
host="quoted"
Include missing config
`;

function writeConfig(): string {
  mkdirSync(path.join(folder, 'conf.d'));
  writeFileSync(path.join(folder, 'config'), CONFIG);
  writeFileSync(path.join(folder, 'conf.d/b.conf'), 'Host included\n  Port 2222\n');
  writeFileSync(path.join(folder, 'conf.d/a.conf'), `Host first\nInclude ${folder}/conf.d/nested\n`);
  writeFileSync(path.join(folder, 'conf.d/nested'), 'Host nested -evil\n');
  return path.join(folder, 'config');
}

describe('readAliases', () => {
  it('lists names in order, follows includes and skips patterns', async () => {
    expect((await readAliases(writeConfig())).aliases).toEqual([
      'first',
      'nested',
      'included',
      'gpu-1',
      'gpu-2',
      'quoted',
    ]);
  });

  it('gives none without a file', async () => {
    expect((await readAliases(path.join(folder, 'config'))).aliases).toEqual([]);
  });
});

const QUESTION: HostQuestion = {
  id: 'q1',
  kind: 'host_key',
  text: 'Are you sure?',
  subject: 'gpu-1',
  hostKey: { type: 'ED25519', fingerprint: 'SHA256:abc' },
  canRemember: false,
  askedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
};

/** Runtimes whose connection a test sets. */
function createRuntimes() {
  const made = new Map<HostId, { set(state: ConnectionState): void; runtime: Runtime }>();
  const make = (hostId: HostId) => {
    let state: ConnectionState = { state: 'idle' };
    const listeners = new Set<(state: ConnectionState) => void>();
    const set = (next: ConnectionState) => {
      state = next;
      for (const listener of listeners) listener(next);
    };
    const runtime = {
      hostId,
      connection: () => state,
      watchConnection: (listener: (state: ConnectionState) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      reconnect: async () => set({ state: 'connected', latencyMs: 3 }),
      facts: () => Promise.reject(new FarhandError('host.connection_lost')),
    } as unknown as Runtime;
    made.set(hostId, { set, runtime });
    return runtime;
  };
  const runtimes: Runtimes = {
    for: (id) => made.get(id)?.runtime ?? make(id),
    all: () => [...made.values()].map(({ runtime }) => runtime),
    close: async () => {},
  };
  return { runtimes, of: (id: HostId) => made.get(id) };
}

describe('hosts', () => {
  it('lists this machine, aliases and hosts in use, and publishes their connection', async () => {
    const { runtimes, of } = createRuntimes();
    const typed = 'ada@example.org' as HostId;
    const used: HostId[] = [typed];
    const bench = openHostBench(folder, { runtimes, sshConfigPath: writeConfig(), hostsInUse: () => used });
    const { hosts, feed, changes } = bench;
    const list = await hosts.list();
    expect(list.map(({ id, source, connection }) => [id, source, connection.state])).toEqual([
      ['local', 'local', 'idle'],
      ...['first', 'nested', 'included', 'gpu-1', 'gpu-2', 'quoted'].map((id) => [id, 'ssh_config', 'idle']),
      [typed, 'typed', 'idle'],
    ]);
    of(typed)?.set({ state: 'connecting' });
    expect(changes.at(-1)).toMatchObject({
      entity: { kind: 'host', value: { id: typed, connection: { state: 'connecting' } } },
    });
    await hosts.reconnect(typed);
    expect(hosts.get(typed).connection).toEqual({ state: 'connected', latencyMs: 3 });
    used.pop();
    feed.removed('workspace', 'ws_x');
    expect(changes.at(-1)).toEqual({ type: 'removed', kind: 'host', id: typed });
    await bench.close();
  });

  it('takes a host that asks for an answer to connecting, and hands the answer on', async () => {
    const { runtimes, of } = createRuntimes();
    const { settings, hosts, close } = openHostBench(folder, { runtimes });
    const id = 'gpu-1' as HostId;
    const answered = settings.of(id).questions.ask(QUESTION, new AbortController().signal);
    runtimes.for(id).reconnect = () =>
      new Promise(() => of(id)?.set({ state: 'asking', question: QUESTION }));
    await hosts.reconnect(id);
    expect(hosts.get(id).connection.state).toBe('asking');
    hosts.answer(id, { questionId: QUESTION.id, answer: 'yes', remember: false });
    expect(await answered).toEqual({ kind: 'answered', text: 'yes', remember: false });
    await close();
  });

  it('keeps the method and the session limit over a restart, and publishes them', async () => {
    const { runtimes } = createRuntimes();
    const id = 'gpu-1' as HostId;
    const first = openHostBench(folder, { runtimes });
    expect(first.hosts.get(id)).toMatchObject({ method: 'master', chosenMethod: null, sessionLimit: null });
    const methods: string[] = [];
    runtimes.for(id).setMethod = (method) => void methods.push(method);
    first.hosts.setMethod(id, 'direct');
    expect(methods).toEqual(['direct']);
    first.settings.of(id).onSessionLimit(2);
    const facts = { method: 'direct', chosenMethod: 'direct', sessionLimit: 2 };
    expect(first.changes.at(-1)).toMatchObject({ entity: { kind: 'host', value: { id, ...facts } } });
    await first.close();
    const second = openHostBench(folder, { runtimes });
    expect(second.hosts.get(id)).toMatchObject(facts);
    expect(second.settings.of(id)).toMatchObject({ method: 'direct', sessionLimit: 2 });
    second.hosts.setMethod(id, null);
    expect(second.hosts.get(id)).toMatchObject({ method: 'master', chosenMethod: null, sessionLimit: 2 });
    await second.close();
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStateFeed, type StateChange } from '../feed/state-feed.ts';
import { createHosts } from './hosts.ts';
import { sshAliases } from './ssh-aliases.ts';

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

describe('sshAliases', () => {
  it('lists names in order, follows includes and skips patterns', async () => {
    expect(await sshAliases(writeConfig())).toEqual([
      'first',
      'nested',
      'included',
      'gpu-1',
      'gpu-2',
      'quoted',
    ]);
  });

  it('gives none without a file', async () => {
    expect(await sshAliases(path.join(folder, 'config'))).toEqual([]);
  });
});

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
    const feed = createStateFeed();
    const changes: StateChange[] = [];
    feed.watch((change) => changes.push(change));
    const { runtimes, of } = createRuntimes();
    const typed = 'ada@example.org' as HostId;
    const used: HostId[] = [typed];
    const hosts = createHosts({ runtimes, feed, sshConfigPath: writeConfig(), hostsInUse: () => used });
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
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState, HostId, HostQuestion } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStateFeed, type StateChange } from '../feed/state-feed.ts';
import { openDatabase } from '../store/database.ts';
import { createHostSettings } from './host-settings.ts';
import { createHostStore } from './host-store.ts';
import { createHosts } from './hosts.ts';
import { createHostQuestions } from './questions.ts';
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

/** What is kept of hosts, in a store of the test's own. */
function keptIn(place: string) {
  const db = openDatabase(path.join(place, 'db'));
  const questions = createHostQuestions();
  const settings = createHostSettings({ store: createHostStore(db), questions, defaultMethod: 'master' });
  return { db, questions, settings };
}

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
    const feed = createStateFeed();
    const changes: StateChange[] = [];
    feed.watch((change) => changes.push(change));
    const { runtimes, of } = createRuntimes();
    const typed = 'ada@example.org' as HostId;
    const used: HostId[] = [typed];
    const hosts = createHosts({
      runtimes,
      feed,
      sshConfigPath: writeConfig(),
      ...keptIn(folder),
      hostsInUse: () => used,
    });
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

  it('takes a host that asks for an answer to connecting, and hands the answer on', async () => {
    const { runtimes, of } = createRuntimes();
    const { settings, questions } = keptIn(folder);
    const feed = createStateFeed();
    const config = path.join(folder, 'config');
    const hosts = createHosts({
      runtimes,
      feed,
      sshConfigPath: config,
      settings,
      questions,
      hostsInUse: () => [],
    });
    const id = 'gpu-1' as HostId;
    const answered = settings.of(id).questions.ask(QUESTION, new AbortController().signal);
    runtimes.for(id).reconnect = () =>
      new Promise(() => of(id)?.set({ state: 'asking', question: QUESTION }));
    await hosts.reconnect(id);
    expect(hosts.get(id).connection.state).toBe('asking');
    hosts.answer(id, { questionId: QUESTION.id, answer: 'yes', remember: false });
    expect(await answered).toEqual({ kind: 'answered', text: 'yes', remember: false });
  });

  it('keeps the method and the session limit over a restart, and publishes them', () => {
    const { runtimes } = createRuntimes();
    const feed = createStateFeed();
    const changes: StateChange[] = [];
    feed.watch((change) => changes.push(change));
    const id = 'gpu-1' as HostId;
    const open = () => {
      const { db, settings, questions } = keptIn(folder);
      const config = path.join(folder, 'config');
      const hosts = createHosts({
        runtimes,
        feed,
        sshConfigPath: config,
        settings,
        questions,
        hostsInUse: () => [],
      });
      return { db, settings, hosts };
    };
    const first = open();
    expect(first.hosts.get(id)).toMatchObject({ method: 'master', chosenMethod: null, sessionLimit: null });
    const methods: string[] = [];
    runtimes.for(id).setMethod = (method) => void methods.push(method);
    first.hosts.setMethod(id, 'direct');
    expect(methods).toEqual(['direct']);
    first.settings.of(id).onSessionLimit(2);
    const facts = { method: 'direct', chosenMethod: 'direct', sessionLimit: 2 };
    expect(changes.at(-1)).toMatchObject({ entity: { kind: 'host', value: { id, ...facts } } });
    first.db.close();
    const second = open();
    expect(second.hosts.get(id)).toMatchObject(facts);
    expect(second.settings.of(id)).toMatchObject({ method: 'direct', sessionLimit: 2 });
    second.hosts.setMethod(id, null);
    expect(second.hosts.get(id)).toMatchObject({ method: 'master', chosenMethod: null, sessionLimit: 2 });
    second.db.close();
  });
});

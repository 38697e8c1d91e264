/** The machines that work can happen on, and how each is connected. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type ConnectionMethod,
  type ConnectionState,
  type Host,
  type HostId,
  LOCAL_HOST,
} from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { StateFeed } from '../feed/state-feed.ts';
import { withDeadline } from '../workspaces/deadline.ts';
import type { HostSettings } from './host-settings.ts';
import { createHostWarnings } from './host-warnings.ts';
import type { GivenAnswer, HostQuestions } from './questions.ts';
import { sshAliases } from './ssh-aliases.ts';

export interface Hosts {
  /** This machine, the aliases of the ssh config, then the others that are or were asked for. */
  list(): Promise<Host[]>;
  get(id: HostId): Host;
  /**
   * Connects now, without waiting for the next try. Resolves when it is connected, or when it asks a person, as its
   * state then says. Throws why it cannot, `host.*`.
   */
  reconnect(id: HostId): Promise<void>;
  /** Answers what its connection asks. Throws `host.question_not_found`. */
  answer(id: HostId, given: GivenAnswer): void;
  /** Connects by this method from now on; null leaves it to the platform. */
  setMethod(id: HostId, method: ConnectionMethod | null): void;
  /** Of agents that work there at once; null for none. */
  setAgentLimit(id: HostId, limit: number | null): void;
}

export interface HostsDeps {
  readonly runtimes: Runtimes;
  readonly feed: StateFeed;
  readonly sshConfigPath: string;
  readonly settings: HostSettings;
  readonly questions: HostQuestions;
  /** Hosts of all workspaces. */
  readonly hostsInUse: () => readonly HostId[];
}

const IDLE: ConnectionState = { state: 'idle' };
const THIS_MACHINE = {
  id: LOCAL_HOST,
  label: 'This machine',
  source: 'local',
  method: null,
  chosenMethod: null,
  sessionLimit: null,
  // Jobs here end with the login of whoever started the server, as the server does.
  warnings: [],
} satisfies Omit<Host, 'connection' | 'agentLimit'>;
/** A person waits for the answer; the runtime itself goes on trying after it. */
const RECONNECT_TIMEOUT_MS = 30_000;
/** For its warnings, to be told together with the connection where they come soon. */
const WARNINGS_WAIT_MS = 2000;

/** Watches the connection of every host that a workspace uses, now and later, and publishes its changes. */
export function createHosts(deps: HostsDeps): Hosts {
  const { runtimes, feed, settings, questions, hostsInUse } = deps;
  const watched = new Map<HostId, () => void>();
  let aliases = new Set<HostId>();

  const get = (id: HostId): Host => {
    const runtime = runtimes.all().find((one) => one.hostId === id);
    const connection = runtime?.connection() ?? IDLE;
    const agentLimit = settings.agentLimit(id);
    if (id === LOCAL_HOST) return { ...THIS_MACHINE, connection, agentLimit };
    return {
      id,
      label: id,
      source: aliases.has(id) ? 'ssh_config' : 'typed',
      connection,
      method: settings.method(id),
      chosenMethod: settings.chosenMethod(id),
      sessionLimit: settings.sessionLimit(id),
      agentLimit,
      warnings: [...warnings.of(id)],
    };
  };
  const publish = (id: HostId) => feed.changed({ kind: 'host', value: get(id) });
  const warnings = createHostWarnings(publish);
  const watch = (id: HostId) => {
    if (watched.has(id)) return;
    const runtime = runtimes.for(id);
    const ends = [runtime.watchConnection(() => publish(id))];
    if (id !== LOCAL_HOST) ends.push(warnings.watch(runtime));
    watched.set(id, () => ends.forEach((end) => end()));
    publish(id);
  };
  const dropUnused = () => {
    const used = new Set(hostsInUse());
    for (const [id, unwatch] of watched) {
      if (used.has(id) || get(id).source !== 'typed') continue;
      unwatch();
      watched.delete(id);
      feed.removed('host', id);
    }
  };

  for (const id of hostsInUse()) watch(id);
  settings.watch(publish);
  // A workspace is the only thing that brings a new host into use, and each of its changes passes here.
  feed.watch((change) => {
    if (change.type === 'changed' && change.entity.kind === 'workspace') watch(change.entity.value.hostId);
    if (change.type === 'removed' && change.kind === 'workspace') dropUnused();
  });

  return {
    async list() {
      aliases = new Set(await sshAliases(deps.sshConfigPath));
      const ids = new Set<HostId>([LOCAL_HOST, ...aliases, ...hostsInUse(), ...watched.keys()]);
      return [...ids].map(get);
    },
    get,
    async reconnect(id) {
      const runtime = runtimes.for(id);
      watch(id);
      await withDeadline(connectedOrAsking(runtime), RECONNECT_TIMEOUT_MS, id);
      if (id === LOCAL_HOST || runtime.connection().state !== 'connected') return;
      await Promise.race([warnings.ask(runtime), delay(WARNINGS_WAIT_MS, undefined, { ref: false })]);
    },
    answer: questions.answer,
    setAgentLimit(id, limit) {
      settings.setAgentLimit(id, limit);
      publish(id);
    },
    setMethod(id, method) {
      if (id === LOCAL_HOST) return;
      settings.setMethod(id, method);
      const runtime = runtimes.all().find((one) => one.hostId === id);
      runtime?.setMethod?.(settings.method(id));
      publish(id);
    },
  };
}

// A person may take minutes to answer, or answer elsewhere: who asked for the connection is told by its state.
async function connectedOrAsking(runtime: Runtime): Promise<void> {
  const connected = (async () => void (await (runtime.reconnect?.() ?? runtime.facts())))();
  let unwatch = () => {};
  const asking = new Promise<void>((resolve) => {
    unwatch = runtime.watchConnection(({ state }) => state === 'asking' && resolve());
    if (runtime.connection().state === 'asking') resolve();
  });
  // Once it asks, how the attempt ends is nobody's to wait for.
  connected.catch(() => {});
  await Promise.race([connected, asking]).finally(unwatch);
}

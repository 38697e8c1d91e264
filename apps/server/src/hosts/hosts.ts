/** The machines that work can happen on, and how each is connected. */
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostReport } from '@farhand/shared/model/host-checks';
import {
  type ConnectionMethod,
  type ConnectionState,
  type Host,
  type HostId,
  type HostRecord,
  LOCAL_HOST,
} from '@farhand/shared/model/hosts';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import type { HostAccess, Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { Audit } from '../audit/audit.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { RuntimeFactories } from '../runtimes/registry.ts';
import { withDeadline } from '../workspaces/deadline.ts';
import { examine } from './checks/doctor.ts';
import { createHostTests, type HostTests } from './checks/host-tests.ts';
import { recordConnections } from './connection-audit.ts';
import { createHostEdits, fileChange, type HostEdits } from './host-edits.ts';
import type { HostSettings } from './host-settings.ts';
import type { HostStore } from './host-store.ts';
import { createHostWarnings } from './host-warnings.ts';
import { type Import, importAliases } from './import-aliases.ts';
import { createLearning } from './learned/learning.ts';
import type { GivenAnswer, HostQuestions } from './questions.ts';
import type { HostRecords } from './records/host-records.ts';
import type { RestingHosts } from './resting-hosts.ts';
import { createTypedHosts } from './typed-hosts.ts';
import type { WatchedAliases } from './watched-aliases.ts';
import type { WhichHost } from './which-host.ts';

export interface Hosts extends WhichHost, HostEdits {
  readonly tests: HostTests;
  /** This machine, the aliases of the ssh config, then the others that are or were asked for. */
  list(): Promise<Host[]>;
  get(id: HostId): Host;
  /** As a person wrote it; null where there is none that can be used. */
  record(id: HostId): HostRecord | null;
  /** What is wrong with config.toml itself; null as a rule. */
  configProblem(): string | null;
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
  /** Looks at how safe and how able it is. Throws `host.*` where it cannot be connected. */
  doctor(id: HostId, signal: AbortSignal): Promise<HostReport>;
  /** Aliases of the ssh config as records. */
  importAliases(how: Import): Promise<CallOutput<'host.import'>>;
  /** Something that used it is over: a name that was only typed, and never reached, is forgotten. */
  release(id: HostId): void;
  close(): void;
}

export interface HostsDeps {
  readonly runtimes: Runtimes;
  readonly feed: StateFeed;
  readonly records: HostRecords;
  readonly aliases: WatchedAliases;
  readonly which: WhichHost;
  readonly store: HostStore;
  readonly resting: RestingHosts;
  readonly audit: Pick<Audit, 'record' | 'recordLater'>;
  readonly factories: Pick<RuntimeFactories, 'ssh' | 'probe'>;
  readonly settings: HostSettings;
  readonly questions: HostQuestions;
  /** Hosts of all workspaces, and of commands that are under way. */
  readonly hostsInUse: () => readonly HostId[];
  /** What was asked of a host and could not be done yet. */
  readonly forgetTasks: (id: HostId) => void;
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
  record: null,
  recordProblem: null,
} satisfies Omit<Host, 'connection' | 'agentLimit' | 'isDefault' | 'learned'>;
/** A person waits for the answer; the runtime itself goes on trying after it. */
const RECONNECT_TIMEOUT_MS = 30_000;
/** For its warnings, to be told together with the connection where they come soon. */
const WARNINGS_WAIT_MS = 2000;

/** Watches the connection of every host that a workspace uses, now and later, and publishes its changes. */
export function createHosts(deps: HostsDeps): Hosts {
  const { runtimes, feed, settings, questions, hostsInUse, records, aliases, which, audit, resting } = deps;
  const watched = new Map<HostId, () => void>();
  let formerDefault = records.defaultName();
  // By what the file says, or while it cannot be read.
  let wasDefaultHere = which.isDefault(LOCAL_HOST);

  const made = (id: HostId) => runtimes.all().find((one) => one.hostId === id);
  const sourceOf = (id: HostId): Host['source'] => {
    if (id === LOCAL_HOST) return 'local';
    if (records.ids().includes(id)) return 'record';
    return aliases.now().has(id) ? 'ssh_config' : 'typed';
  };
  const get = (id: HostId): Host => {
    const connection = made(id)?.connection() ?? unused(resting.access(id));
    const agentLimit = settings.agentLimit(id);
    const [isDefault, learned] = [which.isDefault(id), learning.of(id)];
    if (id === LOCAL_HOST) return { ...THIS_MACHINE, connection, agentLimit, isDefault, learned };
    return {
      id,
      label: id,
      source: sourceOf(id),
      record: records.get(id),
      recordProblem: records.problem(id),
      isDefault,
      learned,
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
  const learning = createLearning(deps.store, publish);
  // Of every host, whoever wants its connection.
  const onRecord = new Map<Runtime, () => void>();
  const keepOnRecord = (runtime: Runtime) => {
    if (runtime.hostId === LOCAL_HOST || onRecord.has(runtime)) return;
    const methodOf = () => settings.method(runtime.hostId);
    onRecord.set(runtime, recordConnections(runtime, methodOf, audit.recordLater));
  };
  const follow = (runtime: Runtime) => {
    const { hostId: id } = runtime;
    if (id !== LOCAL_HOST) {
      typed.moved(id, runtime.connection().state);
      resting.moved(id, runtime.connection());
    }
    if (!typed.isHidden(id)) publish(id);
  };
  const watch = (id: HostId) => {
    // One that is made only now comes by here itself, within.
    const runtime = runtimes.for(id);
    const wasHidden = typed.show(id);
    if (watched.has(id)) return wasHidden ? publish(id) : undefined;
    const ends = [runtime.watchConnection(() => follow(runtime))];
    if (id !== LOCAL_HOST) {
      ends.push(warnings.watch(runtime), learning.watch(runtime));
    }
    watched.set(id, () => ends.forEach((end) => end()));
    publish(id);
  };
  const isOnlyTyped = (id: HostId) => sourceOf(id) === 'typed' && !hostsInUse().includes(id);
  const typed = createTypedHosts({
    store: deps.store,
    isUnused: isOnlyTyped,
    runtimeOf: made,
    forgetTasks: deps.forgetTasks,
    onHidden: (id) => feed.removed('host', id),
  });
  const hideUnused = () => {
    for (const id of watched.keys()) if (isOnlyTyped(id)) typed.hide(id);
  };
  const show = (id: HostId) => {
    if (isOnlyTyped(id)) return typed.hide(id);
    typed.show(id);
    publish(id);
  };
  const ends = [
    records.watch((changes) => {
      for (const change of changes) {
        if (change.by === 'file') audit.recordLater(fileChange(change, records.get(change.id)));
        const runtime = made(change.id);
        runtime?.setAccess?.(resting.access(change.id));
        if (runtime && change.what !== 'removed') watch(change.id);
        show(change.id);
      }
      const name = records.defaultName();
      const isDefaultHere = which.isDefault(LOCAL_HOST);
      if (isDefaultHere !== wasDefaultHere) show(LOCAL_HOST);
      wasDefaultHere = isDefaultHere;
      if (name === formerDefault) return;
      for (const id of [formerDefault, name]) if (id !== null) show(id as HostId);
      formerDefault = name;
    }),
    resting.watch((id) => {
      made(id)?.setAccess?.(resting.access(id));
      show(id);
    }),
    aliases.watch(({ came, went }) => {
      for (const id of [...came, ...went]) show(id);
    }),
  ];

  const edits = createHostEdits(records, which, audit.record);
  const tests = createHostTests({
    factories: deps.factories,
    records,
    settings,
    local: () => runtimes.for(LOCAL_HOST),
    audit,
  });
  const connect = async (id: HostId): Promise<Runtime> => {
    // Whoever asks for the connection wants the machine to run.
    resting.wake(id);
    const runtime = runtimes.for(id);
    watch(id);
    await withDeadline(connectedOrAsking(runtime), RECONNECT_TIMEOUT_MS, id);
    return runtime;
  };
  const connected = async (id: HostId): Promise<Runtime> => {
    const runtime = await connect(id);
    if (runtime.connection().state !== 'asking') return runtime;
    throw new FarhandError('host.needs_input', {
      message: `${id} asks for an answer before it lets us in.`,
      hint: `Answer it in the page, or with \`farhand host answer ${id}\`.`,
      details: { hostId: id },
    });
  };

  runtimes.watchMade?.((runtime) => {
    keepOnRecord(runtime);
    // A run on a host that was only typed may have to be asked about its key, and that has to be seen somewhere.
    if (runtime.hostId === LOCAL_HOST) return;
    watch(runtime.hostId);
    // What it was made for may be refused before anything is tried.
    setImmediate(() => typed.release(runtime.hostId));
  });
  runtimes.all().forEach(keepOnRecord);
  for (const id of hostsInUse()) watch(id);
  settings.watch(publish);
  // A workspace is what brings a new host into use for long, and each of its changes passes here.
  feed.watch((change) => {
    if (change.type === 'changed' && change.entity.kind === 'workspace') watch(change.entity.value.hostId);
    if (change.type === 'removed' && change.kind === 'workspace') hideUnused();
  });

  return {
    async list() {
      const named = [...records.ids(), ...(await aliases.read())];
      const ids = new Set<HostId>([LOCAL_HOST, ...named, ...hostsInUse(), ...watched.keys()]);
      return [...ids].filter((id) => !typed.isHidden(id) || !isOnlyTyped(id)).map(get);
    },
    release: typed.release,
    get,
    ...which,
    ...edits,
    record: records.get,
    configProblem: records.fileProblem,
    tests,
    doctor: (id, signal) => examine({ records, probe: deps.factories.probe, connected }, id, signal),
    importAliases: (how) => importAliases({ aliases, records, edits, probe: deps.factories.probe }, how),
    async reconnect(id) {
      const runtime = await connect(id);
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
    close() {
      tests.close();
      typed.close();
      for (const end of [...ends, ...watched.values(), ...onRecord.values()]) end();
      watched.clear();
    },
  };
}

// Nothing was tried, but it may be known already that nothing will be.
function unused(access: HostAccess): ConnectionState {
  if (!('refusal' in access)) return IDLE;
  const { code, message, hint } = access.refusal;
  return { state: 'refused', code, message, hint, keyChange: null };
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

/** The hosts that a person wrote down in config.toml: each read, judged, and refused where it may not be used. */
import { isDeepStrictEqual } from 'node:util';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type HostId, type HostRecord, hostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { HostAccess } from '@farhand/shared/runtime/port';
import type { ConfigFile } from '../../config/config-file.ts';
import { lineOf } from '../../config/toml-place.ts';
import type { HostStore } from '../host-store.ts';
import {
  fieldAtFault,
  nameProblem,
  type ReadRecord,
  readRecord,
  recordTable,
  ruleOf,
} from './record-toml.ts';

export interface RecordChange {
  readonly id: HostId;
  readonly what: 'added' | 'changed' | 'removed';
  /** `file`: a person's editor, or anything else that is not a call to us. */
  readonly by: 'file' | 'call';
}

export interface HostRecords {
  /** In the order of the file, the unreadable too. */
  ids(): readonly HostId[];
  /** Null where there is none, or none that can be read. */
  get(id: HostId): HostRecord | null;
  /** Why its record cannot be used, with file, line and key. */
  problem(id: HostId): string | null;
  /** What is wrong with the file, or with tables whose names no host can have; null as a rule. */
  fileProblem(): string | null;
  /** Where it is, or `host.deleted`, `host.disabled`, `host.record_invalid`. */
  access(id: HostId): HostAccess;
  /** What `default_host` says; null where it says nothing. */
  defaultName(): string | null;
  /**
   * Throws `host.name_taken`, `request.invalid`, `config.*`. `first`, here and below, is done once nothing but the disk
   * can refuse the change any more, and stops it by throwing.
   */
  add(name: string, record: HostRecord, first: () => void): void;
  /** Throws `host.not_known`, `request.invalid`, `config.*`. */
  change(name: string, record: HostRecord, first: () => void): void;
  /** Throws `host.not_known`, `config.*`. */
  remove(name: string, first: () => void): void;
  setDefault(name: string | null, first: () => void): void;
  /**
   * Calls back after each change of a record or of the default (then with none), until the returned function is called;
   * the first listener also hears of what was changed before it.
   */
  watch(listener: (changes: readonly RecordChange[]) => void): () => void;
  close(): void;
}

interface HostRecordsDeps {
  readonly configFile: ConfigFile;
  readonly store: HostStore;
}

export function createHostRecords({ configFile, store }: HostRecordsDeps): HostRecords {
  const listeners = new Set<(changes: readonly RecordChange[]) => void>();
  /** Of the time before somebody listened. */
  let unheard: readonly RecordChange[] = [];
  let tables = new Map<HostId, ReadRecord>();
  let misnamed: string[] = [];
  let by: RecordChange['by'] = 'file';
  let told: unknown;

  const place = (name: string, key: string | null) => {
    const line = lineOf(configFile.text(), ['hosts', name], key);
    return `${configFile.path}${line === null ? '' : `, line ${line}`}: hosts.${name}${key === null ? '' : `.${key}`}`;
  };
  const problem = (id: HostId) => {
    const read = tables.get(id);
    return read && 'problem' in read ? `${place(id, read.key)}: ${read.problem}.` : null;
  };
  const read = () => {
    const { hosts } = configFile.read();
    const entries = typeof hosts === 'object' && hosts !== null ? Object.entries(hosts) : [];
    const isHost = (name: string) => hostId.safeParse(name).success && name !== LOCAL_HOST;
    misnamed = entries.flatMap(([name]) =>
      isHost(name) ? [] : [`${place(name, null)}: ${nameProblem(name)}.`],
    );
    return new Map(
      entries
        .filter(([name]) => isHost(name))
        .map(([name, table]) => [hostId.parse(name), readRecord(name, table)] as const),
    );
  };
  const keep = (changes: readonly RecordChange[], before: ReadonlyMap<HostId, ReadRecord>) => {
    const now = new Date().toISOString();
    for (const { id, what } of changes) {
      // What was learned was of the place that it led to: of one that was removed, nobody knows it any more.
      const wasDeleted = store.get(id).deletedAt !== null;
      const former = before.has(id) ? destinationOf(before.get(id)) : wasDeleted ? null : raw(id);
      const isSame = isDeepStrictEqual(former, destinationOf(tables.get(id)));
      if (what === 'removed') store.change(id, { isRecorded: false, deletedAt: now });
      else store.change(id, { isRecorded: true, deletedAt: null });
      if (what !== 'removed' && !isSame) store.change(id, { learned: null, sessionLimit: null });
    }
  };
  const sync = () => {
    const before = tables;
    // What a broken file does not say is not gone.
    const isBroken = configFile.problem() !== null;
    tables = read();
    const known = new Set([...before.keys(), ...store.recorded()]);
    const gone = isBroken ? [] : [...known].filter((id) => !tables.has(id));
    const changes: RecordChange[] = [
      ...gone.map((id) => ({ id, what: 'removed', by }) as const),
      ...[...tables].flatMap(([id, table]): RecordChange[] => {
        if (!known.has(id)) return [{ id, what: 'added', by }];
        const isOld = !before.has(id) || isDeepStrictEqual(before.get(id), table);
        return isOld ? [] : [{ id, what: 'changed', by }];
      }),
    ];
    keep(changes, before);
    const tells = [isBroken, misnamed, defaultName()];
    if (changes.length === 0 && isDeepStrictEqual(tells, told)) return;
    told = tells;
    if (listeners.size === 0) unheard = [...unheard, ...changes];
    for (const listener of listeners) listener(changes);
  };
  const byCall = (first: () => void, edit: () => void) => {
    const broken = configFile.problem();
    if (broken !== null) throw new FarhandError('config.unreadable', { message: broken });
    first();
    by = 'call';
    try {
      edit();
      sync();
    } finally {
      by = 'file';
    }
  };
  const defaultName = () => {
    const { default_host: name } = configFile.read();
    // What is no text names no host, and must not pass for none.
    return name === undefined ? null : typeof name === 'string' ? name : JSON.stringify(name);
  };
  const checked = (name: string, record: HostRecord) => {
    const wrong = nameProblem(name);
    if (wrong !== null) throw new FarhandError('request.invalid', { message: `“${name}”: ${wrong}.` });
    const field = fieldAtFault(record);
    if (field !== null)
      throw new FarhandError('request.invalid', { message: `The ${field} ${ruleOf(field)}.` });
  };
  const write = (name: string, record: HostRecord, first: () => void) => {
    const { hosts } = configFile.read();
    const existing = (hosts as Record<string, unknown> | undefined)?.[name];
    byCall(first, () => configFile.setTable(['hosts', name], recordTable(record, existing)));
  };
  const existing = (name: string): HostId => {
    const id = hostId.safeParse(name);
    if (id.success && tables.has(id.data)) return id.data;
    throw new FarhandError('host.not_known', { message: `No record is called ${name}.` });
  };
  const get = (id: HostId) => {
    const found = tables.get(id);
    return found && 'record' in found ? found.record : null;
  };

  sync();
  const unwatch = configFile.watch(sync);
  return {
    ids: () => [...tables.keys()],
    get,
    problem,
    fileProblem: () => [configFile.problem() ?? [], misnamed].flat().join(' ') || null,
    access(id) {
      const refusal = refusalOf(id);
      return refusal ? { refusal } : { destination: destinationOf(tables.get(id)) ?? raw(id) };
    },
    defaultName,
    add(name, record, first) {
      checked(name, record);
      if (tables.has(name as HostId))
        throw new FarhandError('host.name_taken', { message: `There is a host called ${name} already.` });
      write(name, record, first);
    },
    change(name, record, first) {
      checked(existing(name), record);
      write(name, record, first);
    },
    remove(name, first) {
      const id = existing(name);
      byCall(first, () => configFile.setTable(['hosts', id], null));
    },
    setDefault: (name, first) => byCall(first, () => configFile.setKey('default_host', name)),
    watch(listener) {
      listeners.add(listener);
      const missed = unheard;
      unheard = [];
      if (missed.length > 0) listener(missed);
      return () => listeners.delete(listener);
    },
    close: unwatch,
  };

  function refusalOf(id: HostId): FarhandError | null {
    const details = { hostId: id };
    const wrong = problem(id);
    if (wrong !== null) return new FarhandError('host.record_invalid', { message: wrong, details });
    const record = get(id);
    if (record !== null) {
      const message = `The host ${id} is disabled.`;
      const hint = `Enable it in the settings, or with \`farhand host enable ${id}\`.`;
      return record.isEnabled ? null : new FarhandError('host.disabled', { message, hint, details });
    }
    const kept = id === LOCAL_HOST ? null : store.get(id);
    if (kept?.isRecorded) {
      const message = `Where ${id} is cannot be read: ${configFile.problem() ?? 'its record is gone.'}`;
      return new FarhandError('host.record_invalid', { message, details });
    }
    if (!kept?.deletedAt) return null;
    const hint = `Add a host called ${id} again to use what is there.`;
    return new FarhandError('host.deleted', { message: `The host ${id} was removed.`, hint, details });
  }
}

function destinationOf(read: ReadRecord | undefined) {
  if (!read || 'problem' in read) return null;
  const { host, port, user, identityFile } = read.record;
  return { host, port, user, identityFile };
}

const raw = (id: HostId) => ({ host: id, port: null, user: null, identityFile: null });

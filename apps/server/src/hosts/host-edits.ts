/** What a person changes about their hosts, each change on record before it is made. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import { type HostId, type HostRecord, hostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { AuditEntry } from '../audit/audit.ts';
import type { HostRecords, RecordChange } from './records/host-records.ts';
import type { WhichHost } from './which-host.ts';

export interface HostEdits {
  /** Throws `host.name_taken`, `request.invalid`, `config.*`, `audit.unwritable`. */
  add(name: string, record: HostRecord, by: Actor): void;
  /** The record as a whole. Throws `host.not_known`, and as `add`. */
  change(name: string, record: HostRecord, by: Actor): void;
  /** Throws `host.not_known`, `host.record_invalid`, and as `add`. */
  setEnabled(name: string, isEnabled: boolean, by: Actor): void;
  /** Throws `host.not_known`, and as `add`. */
  remove(name: string, by: Actor): void;
  /** Throws as `WhichHost.resolve`. */
  setDefault(id: HostId, by: Actor): void;
  clearDefault(by: Actor): void;
}

type Record = (entry: AuditEntry) => void;

export function createHostEdits(records: HostRecords, which: WhichHost, record: Record): HostEdits {
  const existing = (name: string): HostRecord => {
    const id = hostId.parse(name);
    const found = records.get(id);
    if (found !== null) return found;
    const message = records.problem(id);
    if (message !== null) throw new FarhandError('host.record_invalid', { message });
    throw new FarhandError('host.not_known', { message: `No record is called ${name}.` });
  };
  const change = (name: string, next: HostRecord, by: Actor) => {
    const before = records.get(name as HostId);
    const facts = { event: 'changed', before: shown(before), after: shown(next) };
    records.change(name, next, () => record(setting(by, name, `Changed the host ${name}`, facts)));
  };
  return {
    add(name, next, by) {
      const facts = { event: 'added', after: shown(next) };
      records.add(name, next, () => record(setting(by, name, `Added the host ${name}`, facts)));
    },
    change,
    setEnabled: (name, isEnabled, by) => change(name, { ...existing(name), isEnabled }, by),
    remove(name, by) {
      const facts = { event: 'removed', before: shown(records.get(name as HostId)) };
      records.remove(name, () => record(setting(by, name, `Removed the host ${name}`, facts)));
    },
    setDefault(id, by) {
      const chosen = which.resolve(id, { isKnownOnly: true });
      const entry = setting(by, id, `Made ${id} the default host`, { event: 'default' });
      records.setDefault(chosen === LOCAL_HOST ? null : chosen, () => record(entry));
    },
    clearDefault(by) {
      const entry = setting(by, LOCAL_HOST, 'Made this machine the default host', { event: 'default' });
      records.setDefault(null, () => record(entry));
    },
  };
}

/** What a change in the file itself is put on record as. */
export function fileChange({ id, what }: RecordChange, after: HostRecord | null): AuditEntry {
  const summary = `config.toml: the host ${id} was ${what}`;
  return setting({ kind: 'server', name: null }, id, summary, { event: what, after: shown(after) });
}

function setting(actor: Actor, name: string, summary: string, facts: AuditEntry['facts']): AuditEntry {
  const host = hostId.safeParse(name);
  return {
    kind: 'setting',
    actor,
    hostId: host.success ? host.data : null,
    workspaceId: null,
    sessionId: null,
    summary,
    facts,
    output: null,
  };
}

// Values of variables may be more than their owner meant to show.
function shown(record: HostRecord | null) {
  return record === null ? null : { ...record, environment: Object.keys(record.environment) };
}

/** Aliases of the ssh config as records: what they mean is left to ssh, so that the file stays the one place for it. */

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import { type HostId, hostRecord, type ImportedHost } from '@farhand/shared/model/hosts';
import type { SshProbe } from '../runtimes/registry.ts';
import type { HostEdits } from './host-edits.ts';
import type { HostRecords } from './records/host-records.ts';
import { nameProblem } from './records/record-toml.ts';
import type { WatchedAliases } from './watched-aliases.ts';

interface ImportDeps {
  readonly aliases: Pick<WatchedAliases, 'read'>;
  readonly records: Pick<HostRecords, 'ids'>;
  readonly edits: Pick<HostEdits, 'add'>;
  readonly probe: Pick<SshProbe, 'resolve'>;
}

export interface Import {
  /** Null for all that are new. */
  readonly names: readonly string[] | null;
  readonly isDryRun: boolean;
  readonly by: Actor;
}

/** As many `ssh -G` at once. */
const AT_ONCE = 8;

/** What there is to import, and what was. */
export async function importAliases(
  { aliases, records, edits, probe }: ImportDeps,
  { names, isDryRun, by }: Import,
): Promise<{ hosts: ImportedHost[]; added: string[] }> {
  const found = [...(await aliases.read())].filter((id) => names === null || names.includes(id));
  const known = new Set(records.ids());
  const hosts: ImportedHost[] = [];
  for (let at = 0; at < found.length; at += AT_ONCE) {
    const some = found.slice(at, at + AT_ONCE);
    hosts.push(...(await Promise.all(some.map((id) => importable(id, known.has(id), probe)))));
  }
  const missing = (names ?? []).filter((name) => !found.includes(name as HostId));
  hosts.push(
    ...missing.map((name): ImportedHost => refused(name, 'The ssh config has no alias of this name.')),
  );
  const added: string[] = [];
  for (const { name, record, state } of isDryRun ? [] : hosts) {
    if (state !== 'new' || record === null) continue;
    edits.add(name, record, by);
    added.push(name);
  }
  return { hosts, added };
}

async function importable(id: HostId, isKnown: boolean, probe: ImportDeps['probe']): Promise<ImportedHost> {
  const wrong = nameProblem(id);
  if (wrong !== null) return refused(id, `It cannot be the name of a record: ${wrong}.`);
  const record = hostRecord.parse({ host: id, labels: ['imported'] });
  const none = { port: null, user: null, identityFile: null };
  try {
    const { hostname, port, user } = await probe.resolve({ host: id, ...none });
    const state = isKnown ? 'exists' : 'new';
    return { name: id, record, address: { hostname, port, user }, state, reason: null };
  } catch (thrown) {
    return refused(id, FarhandError.from(thrown).message);
  }
}

const refused = (name: string, reason: string): ImportedHost => ({
  name,
  record: null,
  address: null,
  state: 'refused',
  reason,
});

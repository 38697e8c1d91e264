/** A host's record as `[hosts.<name>]` in config.toml has it. */
import { isDeepStrictEqual } from 'node:util';
import { parseHostTarget } from '@farhand/shared/model/host-target';
import { type HostRecord, hostName, hostRecord, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { TomlTable, TomlValue } from '../../config/toml-edit.ts';

/** One of them; `key` is the key of the table that is at fault, null for the table itself. */
export type ReadRecord =
  | { readonly record: HostRecord }
  | { readonly problem: string; readonly key: string | null };

const KEYS: Readonly<Record<string, keyof HostRecord>> = {
  host: 'host',
  port: 'port',
  user: 'user',
  identity_file: 'identityFile',
  directory: 'directory',
  environment: 'environment',
  labels: 'labels',
  enabled: 'isEnabled',
};

const RULES: Readonly<Record<keyof HostRecord, string>> = {
  host: 'must be what ssh takes: an alias, user@host, or ssh://user@host:port',
  port: 'must be a number from 1 to 65535',
  user: 'must be a user’s name',
  identityFile: 'must be a path that begins with / or ~/',
  directory: 'must be a path that begins with / or ~/',
  environment: 'must be a table of texts, with names of letters, digits and _',
  labels: 'must be a list of at most 50 short texts',
  isEnabled: 'must be true or false',
};

/** A table of the file. What it may hold is what the page may set. */
export function readRecord(name: string, table: unknown): ReadRecord {
  const wrongName = nameProblem(name);
  if (wrongName !== null) return { problem: wrongName, key: null };
  if (!isTable(table)) return { problem: 'must be a table', key: null };
  const unknown = Object.keys(table).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined)
    return { problem: `there is no such key; known are ${knownKeys()}`, key: unknown };
  if (table.host === undefined) return { problem: 'has no host', key: null };
  const values = Object.entries(KEYS).flatMap(([key, field]) =>
    table[key] === undefined ? [] : [[field, isTable(table[key]) ? { ...table[key] } : table[key]] as const],
  );
  const parsed = hostRecord.safeParse(Object.fromEntries(values));
  const field = parsed.success ? fieldAtFault(parsed.data) : parsed.error.issues[0]?.path[0];
  if (parsed.success && field === null) return { record: parsed.data };
  const key = Object.keys(KEYS).find((one) => KEYS[one] === field) ?? null;
  const rule = key === null ? undefined : KEYS[key] && RULES[KEYS[key]];
  return { problem: rule ?? 'cannot be read', key };
}

/** Why no record may have this name; null where it may. */
export function nameProblem(name: string): string | null {
  if (hostName.safeParse(name).success) return null;
  if (name === LOCAL_HOST) return '“local” is this machine; choose another name';
  if (name === 'default') return '“default” is a word of ours; choose another name';
  return 'a name begins with a letter or digit and holds letters, digits, “.”, “_” and “-”, at most 64';
}

/** What no schema can say: the field that ssh would not take, or null. */
export function fieldAtFault({ host }: HostRecord): keyof HostRecord | null {
  const target = parseHostTarget(host);
  const isPlain = target !== null && target.baseDirectory === null && target.hostId === host;
  return isPlain && host !== LOCAL_HOST ? null : 'host';
}

/** Says what is wrong with a field. */
export const ruleOf = (field: keyof HostRecord): string => RULES[field];

/** The table that says the record. What has its usual value is left out, but where `existing` says it already. */
export function recordTable(record: HostRecord, existing: unknown): TomlTable {
  const usual = hostRecord.parse({ host: record.host });
  const before = isTable(existing) ? existing : {};
  const entries = Object.entries(KEYS).flatMap(([key, field]): [string, TomlValue][] => {
    const value = record[field];
    const isSaid = key === 'host' || before[key] !== undefined || !isDeepStrictEqual(value, usual[field]);
    return value === null || !isSaid ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

const knownKeys = () => Object.keys(KEYS).join(', ');

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

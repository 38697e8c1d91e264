/** Errors about a host's key: a security event names both fingerprints, and no step of ours goes on past it. */
import { readFileSync, statSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId, KeyChange } from '@farhand/shared/model/hosts';
import { quote } from '@farhand/shared/runtime/quote';
import { fingerprint, parseKnownHosts } from '../known-hosts/known-hosts.ts';

/** Larger than any known_hosts file that a person keeps. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;
/** ssh names one place for each type of key; each is a file that is read. */
const MAX_RECORDS = 8;
/** ssh's advice. A banner of the host's could look like it: nothing but a file and a name is taken from it. */
const REMOVAL = /^\s*ssh-keygen -f (["'])(.+)\1 -R (["'])([\w.:%[\]-]+)\3\s*$/m;

/** `host.key_changed` with `details.keyChange`. */
export function keyChangedError(hostId: HostId, keyChange: KeyChange, removal?: string): FarhandError {
  const [record] = keyChange.records;
  const place = record === undefined ? '' : ` The old key is in ${record.file}, line ${record.line}.`;
  const command = removal ?? `ssh-keygen -R ${hostId}`;
  return new FarhandError('host.key_changed', {
    message: `The ${keyChange.type} key is not the one on record for ${hostId}: it is now ${keyChange.offered}${known(keyChange)}.`,
    hint: `Ask who runs the host whether its key was changed.${place} Only if the change is right, remove it: \`${command}\`.`,
    details: { hostId, keyChange },
  });
}

/** `host.key_revoked` with `details.keyChange`. */
export function keyRevokedError(hostId: HostId, keyChange: KeyChange): FarhandError {
  const [record] = keyChange.records;
  const place =
    record === undefined ? '' : ` (${record.file}${record.line > 0 ? `, line ${record.line}` : ''})`;
  return new FarhandError('host.key_revoked', {
    message: `The ${keyChange.type} key ${keyChange.offered} that ${hostId} shows was revoked${place}.`,
    hint: 'Whoever has this key may be somebody else. Ask who runs the host for its new key.',
    details: { hostId, keyChange },
  });
}

/** `host.key_unknown`; `mark` is the key's type and fingerprint. */
export function keyUnknownError(hostId: HostId, mark: { type: string; fingerprint: string }): FarhandError {
  return new FarhandError('host.key_unknown', {
    message: `The key is not known yet for ${hostId} (${mark.type} ${mark.fingerprint}).`,
    hint: `Compare the fingerprint with the host’s own, then connect again and trust it, or run \`ssh ${hostId}\` once in a terminal.`,
    details: { hostId, ...mark },
  });
}

/** What ssh's warning says of a changed or revoked key; the fingerprints on record are read from the files it names. */
export function readKeyChange(stderr: string): KeyChange {
  const offered = /fingerprint for the (\S+) key sent by the remote host is\s+(SHA256:[\w+/=]+)/.exec(stderr);
  const listed = /^Host key (\S+) (SHA256:[\w+/=]+) revoked by file (.+?)\s*$/m.exec(stderr);
  if (listed !== null) {
    const [, type = '', print = '', file = ''] = listed;
    return { type, offered: print, known: [], records: [{ file, line: 0 }] };
  }
  const places = [...stderr.matchAll(/^(?:Offending|offending) (\S+) key in (.+):(\d+)\s*$/gm)].slice(
    0,
    MAX_RECORDS,
  );
  const revokedType = /^(\S+) host key for .* was revoked/m.exec(stderr)?.[1];
  const records = places.map(([, , file = '', line]) => ({ file, line: Number(line) }));
  return {
    type: offered?.[1] ?? revokedType ?? places[0]?.[1] ?? '',
    offered: offered?.[2]?.replace(/\.$/, '') ?? '',
    known: [...new Set(records.flatMap(({ file, line }) => fingerprintAt(file, line)))],
    records,
  };
}

/** The command that ssh gives to remove a changed key, quoted anew for a shell; undefined where it gives none. */
export function readRemoval(stderr: string): string | undefined {
  const [, , file, , name] = REMOVAL.exec(stderr) ?? [];
  return file && name ? `ssh-keygen -f ${quote(file)} -R ${quote(name)}` : undefined;
}

function fingerprintAt(file: string, line: number): string[] {
  try {
    // A banner may name any file: a device or a pipe would hold the server up for good.
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > MAX_RECORD_BYTES) return [];
    return parseKnownHosts(readFileSync(file, 'utf8'), file)
      .filter((entry) => entry.line === line)
      .map((entry) => fingerprint(entry.key));
  } catch {
    // The file is ssh's to read; that it can be read here is likely and not certain.
    return [];
  }
}

function known({ known: prints }: KeyChange): string {
  return prints.length === 0 ? '' : `, and was ${prints.join(' or ')}`;
}

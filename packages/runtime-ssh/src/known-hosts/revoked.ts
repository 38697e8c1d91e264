/** RevokedHostKeys: a list of public keys, or a KRL as ssh-keygen writes it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { keyTypeOf } from './known-hosts.ts';

const KRL_MAGIC = 'SSHKRL\n';
const QUERY_TIMEOUT_MS = 5_000;

/** The line that revokes the key, 0 where a KRL does; null where it is not revoked. `host.config_invalid` for a file that cannot be read: as with ssh, no key is taken then. */
export async function revokedAt(file: string, key: Buffer): Promise<number | null> {
  const bytes = read(file);
  if (bytes.toString('latin1', 0, KRL_MAGIC.length) === KRL_MAGIC)
    return (await isInKrl(file, key)) ? 0 : null;
  const index = bytes
    .toString('latin1')
    .split('\n')
    .findIndex((line) => Buffer.from(line.trim().split(/\s+/)[1] ?? '', 'base64').equals(key));
  return index < 0 ? null : index + 1;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new FarhandError('host.config_invalid', {
      message: `The file of revoked keys cannot be read: ${file}.`,
      hint: 'Look at RevokedHostKeys in ~/.ssh/config: no host key is taken without that file.',
      cause,
    });
  }
}

async function isInKrl(file: string, key: Buffer): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-key-'));
  try {
    const path = join(folder, 'key.pub');
    writeFileSync(path, `${keyTypeOf(key)} ${key.toString('base64')}\n`, { mode: 0o600 });
    return await new Promise((resolve) => {
      // What it cannot tell counts as revoked.
      execFile('ssh-keygen', ['-Q', '-f', file, path], { timeout: QUERY_TIMEOUT_MS }, (error) =>
        resolve(error !== null),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

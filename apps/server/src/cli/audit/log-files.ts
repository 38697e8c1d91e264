import { existsSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import Sqlite from 'libsql';
import { type AuditPaths, auditPaths } from '../../audit/audit-paths.ts';
import { createSigner, type Signer } from '../../audit/signature.ts';
import { type AuditDatabase, openAuditReader } from '../../audit/store/audit-database.ts';
import { masterKey } from '../../secrets/master-key.ts';
import { openVault } from '../../secrets/vault.ts';
import { ROOT_SETTING } from '../../store/sealed-texts.ts';
import type { Context } from '../context.ts';

/** The log of this user's data folder, whether a server runs or not. */
export interface LogFiles {
  readonly paths: AuditPaths;
  /** Null where the master key cannot be had here. */
  readonly signer: Signer | null;
}

export async function logFiles(context: Pick<Context, 'paths' | 'masterKey'>): Promise<LogFiles> {
  return { paths: auditPaths(context.paths), signer: await signerOf(context) };
}

/** Throws `audit.not_found` where there is no log. */
export async function withReader<Result>(
  { paths }: Pick<Context, 'paths'>,
  read: (db: AuditDatabase) => Result | Promise<Result>,
): Promise<Result> {
  const { file } = auditPaths(paths);
  if (!existsSync(file))
    throw new FarhandError('audit.not_found', {
      message: `There is no audit log at ${file} yet.`,
      hint: 'It is made when a server first runs something.',
    });
  const db = openAuditReader(file);
  try {
    return await read(db);
  } finally {
    db.close();
  }
}

// A key is never made here: what it would sign is signed by another one already.
async function signerOf({
  paths,
  masterKey: given,
}: Pick<Context, 'paths' | 'masterKey'>): Promise<Signer | null> {
  try {
    const master = masterKey(paths.keyFile, (await given?.()) ?? null);
    const vault = openVault(master, { hasSealed: () => true, root: () => rootIn(paths.databaseFile) });
    return createSigner(vault.derive('audit'));
  } catch {
    return null;
  }
}

// Read as it is: the newest schema is the server's to make.
function rootIn(file: string): string | null {
  const db = new Sqlite(file);
  try {
    db.exec('PRAGMA query_only = ON');
    const row = db.prepare('SELECT value FROM settings WHERE name = ?').get(ROOT_SETTING);
    return (row as { value: string } | undefined)?.value ?? null;
  } finally {
    db.close();
  }
}

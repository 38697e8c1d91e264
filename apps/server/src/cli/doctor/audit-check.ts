import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'libsql';
import { auditPaths } from '../../audit/audit-paths.ts';
import { createOutputStore, LEAST_FREE_BYTES } from '../../audit/outputs/output-store.ts';
import { verifyLog } from '../../audit/verify/verify-log.ts';
import { type LogFiles, logFiles } from '../audit/log-files.ts';
import type { Context } from '../context.ts';
import { printable } from '../terminal.ts';
import { bad, type Check, good, note } from './check.ts';

const NAME = 'audit log';
/** A person waits; what takes longer has a command of its own. */
const LOOK_MS = 3_000;

/** The audit log: that it can be written, without which nothing runs, and that it is whole as far as can be seen soon. */
export async function checkAudit(context: Pick<Context, 'paths' | 'masterKey'>): Promise<Check[]> {
  const { file } = auditPaths(context.paths);
  if (!existsSync(file)) return [note(NAME, `${file} (made when something is first on record)`)];
  const unwritable = writeProblem(file);
  if (unwritable !== null)
    return [
      bad(
        NAME,
        `${file} cannot be written: ${unwritable}`,
        'Nothing is started until it can: look at the disk’s room, at who owns the folder, and at other programs that hold the file.',
      ),
    ];
  return [...checkRoom(file), await checkWhole(await logFiles(context))];
}

// Takes the lock that an event takes, and writes nothing.
function writeProblem(file: string): string | null {
  try {
    const db = new Sqlite(file);
    try {
      db.exec('PRAGMA busy_timeout = 1000; BEGIN IMMEDIATE; ROLLBACK');
    } finally {
      db.close();
    }
    return null;
  } catch (thrown) {
    return printable(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function checkRoom(file: string): Check[] {
  const { bavail, bsize } = statfsSync(dirname(file));
  if (bavail * bsize >= LEAST_FREE_BYTES) return [];
  return [
    bad(
      NAME,
      'The disk is nearly full: what commands write is not kept.',
      'Make room on the disk of the data folder.',
    ),
  ];
}

async function checkWhole({ paths, signer }: LogFiles): Promise<Check> {
  const outputs = createOutputStore(paths.outputsDirectory);
  const signal = AbortSignal.timeout(LOOK_MS);
  try {
    const { isWhole, events, problems, isSigned } = await verifyLog({ paths, signer, outputs }, signal);
    if (isWhole)
      return good(
        NAME,
        `${events} events, whole${isSigned ? '' : ' (signatures not looked at: no key here)'}`,
      );
    return bad(
      NAME,
      printable(problems[0]?.text ?? 'It is not whole.'),
      'Somebody may have changed it: run `farhand audit verify`, and compare with an export or an end that you noted.',
    );
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    const text = `can be written; too long to be looked at in ${LOOK_MS / 1000} s`;
    return note(NAME, text, 'Run `farhand audit verify` to look at all of it.');
  }
}

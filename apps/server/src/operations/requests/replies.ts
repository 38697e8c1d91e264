import { constants } from 'node:os';
import type { Run, RunOutput } from '@farhand/shared/model/runs';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { OperationFolder } from '../host/operation-folder.ts';

/** What `farhand-op` prints, and its exit status. */
export interface Reply {
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** As of sysexits.h, and of a shell. */
export const REPLY_STATUS = { usage: 64, unavailable: 69, later: 75, refused: 77, denied: 126 } as const;

const bytes = (text: string) => new TextEncoder().encode(text);
const NOTHING = bytes('');

export const textReply = (text: string): Reply => ({ status: 0, stdout: bytes(text), stderr: NOTHING });

export const refusalReply = (status: number, text: string): Reply => ({
  status,
  stdout: NOTHING,
  stderr: bytes(`farhand-op: ${text}\n`),
});

/** What a run that is over gives whoever asked for it. */
export function runReply({ state, exit, error }: Run, output: RunOutput): Reply {
  const notes = [
    ...(output.truncated ? ['the output was longer than 1 MiB; the rest is left out.'] : []),
    ...(error === null ? [] : [error.message]),
  ].map((note) => `farhand-op: ${note}\n`);
  return {
    status: statusOf(state, exit),
    stdout: Buffer.from(output.stdout, 'base64'),
    stderr: Buffer.concat([Buffer.from(output.stderr, 'base64'), Buffer.from(notes.join(''))]),
  };
}

function statusOf(state: Run['state'], exit: Run['exit']): number {
  if (state === 'denied') return REPLY_STATUS.denied;
  if (exit?.kind === 'exited') return exit.code;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  if (exit?.kind === 'signaled') return 128 + (numbers[exit.signal] ?? 0);
  return state === 'cancelled' ? 130 : 125;
}

/**
 * Puts a reply where `farhand-op` waits for it; again it changes nothing. Only Farhand writes to that folder, also where
 * agents are not in a sandbox it is not theirs.
 */
export async function writeReply(
  { files }: Pick<Runtime, 'files'>,
  { replies }: OperationFolder,
  id: string,
  { status, stdout, stderr }: Reply,
): Promise<void> {
  const mode = { mode: 0o600 };
  if (stdout.byteLength > 0) await files.write(`${replies}/${id}.out`, stdout, mode);
  if (stderr.byteLength > 0) await files.write(`${replies}/${id}.err`, stderr, mode);
  // Last, for this is what is waited for.
  await files.write(`${replies}/${id}`, bytes(`${status}\n`), mode);
}

/** The reply was read. */
export async function removeReply(
  { files }: Pick<Runtime, 'files'>,
  { replies }: OperationFolder,
  id: string,
): Promise<void> {
  for (const end of ['', '.out', '.err']) await files.remove(`${replies}/${id}${end}`);
}

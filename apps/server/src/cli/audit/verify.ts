import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AuditVerdict } from '@farhand/shared/model/audit';
import { createOutputStore } from '../../audit/outputs/output-store.ts';
import { findEvent } from '../../audit/store/finding.ts';
import { verifyExport } from '../../audit/verify/verify-export.ts';
import { verifyLog } from '../../audit/verify/verify-log.ts';
import type { Context } from '../context.ts';
import { printable } from '../terminal.ts';
import { logFiles, withReader } from './log-files.ts';

interface VerifyOptions {
  readonly file?: string;
  readonly head?: string;
}

/** Exit status 1 where anything is wrong. */
export async function verify({ file, head }: VerifyOptions, context: Context): Promise<void> {
  const { paths, signer } = await logFiles(context);
  const noted = head === undefined ? null : markOf(head);
  const found =
    file === undefined
      ? await verifyLog({ paths, signer, outputs: createOutputStore(paths.outputsDirectory) })
      : await verifyExport(linesOf(file), signer);
  const verdict = noted && file === undefined ? await withNoted(found, noted, context) : found;
  context.output.result(verdictText(verdict), verdict);
  if (!verdict.isWhole) context.exitWith(1);
}

function verdictText(verdict: AuditVerdict): string {
  const { isWhole, problems, events, outputs, removedOutputs, first, head, isSigned } = verdict;
  const gone = removedOutputs > 0 ? `, ${removedOutputs} no longer kept` : '';
  const what = head
    ? `${events} events (${first} to ${head.seq}), ${outputs} kept outputs${gone}.`
    : 'No events.';
  const lines = isWhole
    ? [`The log is whole. ${what}`]
    : ['The log is NOT whole.', ...problems.map(({ text }) => `  ${printable(text)}`), what];
  if (!isSigned) lines.push('The master key is not here, so signatures were not looked at.');
  if (head) lines.push(`Its end, to note elsewhere: ${head.seq}:${head.hash}`);
  return lines.join('\n');
}

interface Noted {
  readonly seq: number;
  readonly hash: string;
}

async function withNoted(verdict: AuditVerdict, noted: Noted, context: Context): Promise<AuditVerdict> {
  const event = await withReader(context, (db) => findEvent(db, noted.seq));
  if (event?.hash === noted.hash) return verdict;
  const text = event
    ? `Event ${noted.seq} is not the one that was noted.`
    : `Event ${noted.seq}, which was noted, is not in the log.`;
  return { ...verdict, isWhole: false, problems: [...verdict.problems, { seq: noted.seq, text }] };
}

function markOf(text: string): Noted {
  const found = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (!found?.[1] || !found[2])
    throw new FarhandError('request.invalid', {
      message: 'The noted end is not of the form seq:hash.',
      hint: 'Give what `farhand audit verify` printed as its end.',
    });
  return { seq: Number(found[1]), hash: found[2] };
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file);
  // Opened before it is read, so that a missing file is told as such.
  await new Promise((resolve, reject) => input.once('open', resolve).once('error', reject)).catch(
    (cause: unknown) => {
      throw new FarhandError('file.not_found', { message: `The export ${file} cannot be read.`, cause });
    },
  );
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

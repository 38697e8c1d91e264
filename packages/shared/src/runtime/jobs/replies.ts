import { FarhandError } from '../../errors/farhand-error.ts';
import { type JobId, jobId } from '../../model/ids.ts';
import type { Exit } from '../../model/terminals.ts';
import type { JobRecord, JobState } from '../port.ts';

/** What a host prints is not trusted: a line that is not as ours are gives nothing, never a guess. */
const OFFSET = /^(?:0|[1-9]\d{0,14})$/;
const LONGEST_LABEL = 200;

/** A byte offset as the host prints it; null for anything else. */
export function parseOffset(text: string): number | null {
  return OFFSET.test(text) ? Number(text) : null;
}

/** Reads `exited <code> .`, `signaled <NAME> .`, `running` or `lost`; what is none of them is `lost`. */
export function parseStatus(line: string): JobState {
  if (line === 'running') return { state: 'running' };
  return { state: 'ended', exit: parseExit(line) };
}

function parseExit(line: string): Exit {
  const exited = /^exited (\d{1,3}) \.$/.exec(line);
  if (exited && Number(exited[1]) <= 255) return { kind: 'exited', code: Number(exited[1]) };
  const signaled = /^signaled (?:SIG)?([A-Z][A-Z0-9+-]{0,15}) \.$/.exec(line);
  if (signaled) return { kind: 'signaled', signal: `SIG${signaled[1]}` };
  return { kind: 'lost' };
}

/** Reads the blocks that the status script prints; a block that is not whole is left out. */
export function parseRecords(text: string): JobRecord[] {
  return text.split('\n\n').flatMap((block) => {
    const record = parseRecord(block.split('\n'));
    return record === null ? [] : [record];
  });
}

function parseRecord(lines: readonly string[]): JobRecord | null {
  const id = jobId.safeParse(after(lines, 'job '));
  const status = after(lines, 'status ');
  if (!id.success || status === null) return null;
  const sizes = fileSizes(lines);
  return {
    id: id.data satisfies JobId,
    label: after(lines, 'label ')?.slice(0, LONGEST_LABEL) ?? null,
    status: parseStatus(status),
    outBytes: streamEnd(sizes, 'out'),
    errBytes: streamEnd(sizes, 'err'),
    inBytes: sizes.get('in') ?? 0,
  };
}

function after(lines: readonly string[], prefix: string): string | null {
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length) ?? null;
}

// `-rw------- 1 0 0 1234 Nov 21 02:48 out.0`: the size is the fifth column, the name the last.
function fileSizes(lines: readonly string[]): Map<string, number> {
  return new Map(
    lines.flatMap((line) => {
      const columns = line.trim().split(/\s+/);
      const size = parseOffset(columns[4] ?? '');
      return columns.length >= 9 && columns[0]?.startsWith('-') && size !== null
        ? [[columns.at(-1) ?? '', size] as const]
        : [];
    }),
  );
}

function streamEnd(sizes: ReadonlyMap<string, number>, stream: string): number {
  const ends = [...sizes].flatMap(([name, size]) => {
    const start = name.startsWith(`${stream}.`) ? parseOffset(name.slice(stream.length + 1)) : null;
    return start === null ? [] : [start + size];
  });
  return Math.max(0, ...ends);
}

/** The error for a start script's answer that is neither `started` nor `exists` nor about the folder. */
export function startError(answer: string): FarhandError {
  const details = { answer: answer.slice(0, 500) };
  if (/no space left/i.test(answer))
    return new FarhandError('disk.full', { message: 'The disk of the host is full.', details });
  if (/quota/i.test(answer)) return new FarhandError('disk.quota_exceeded', { details });
  if (/read-only file system|permission denied/i.test(answer))
    return new FarhandError('host.home_unwritable', { details });
  if (answer === 'unsupported') return new FarhandError('terminal.unsupported');
  return new FarhandError('job.start_failed', { details });
}

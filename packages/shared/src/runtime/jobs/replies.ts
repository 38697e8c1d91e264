import { FarhandError } from '../../errors/farhand-error.ts';
import { type JobId, jobId } from '../../model/ids.ts';
import type { Exit } from '../../model/terminals.ts';
import type { JobRecord, JobState } from '../port.ts';

/** What a host prints is not trusted: a line that is not as ours are gives nothing, never a guess. */
const OFFSET = /^(?:0|[1-9]\d{0,14})$/;
const LONGEST_LABEL = 200;
/** What a job keeps: its streams and its input. The keeper's own small files come and go. */
const KEPT_FILE = /^(?:in|(?:out|err)\.\d+)$/;

/** A byte offset as the host prints it; null for anything else. */
export function parseOffset(text: string): number | null {
  return OFFSET.test(text) ? Number(text) : null;
}

/** Reads `exited <code> .`, `signaled <NAME> .`, `running`, `rebooted` or `lost`; what is none of them is `lost`. */
export function parseStatus(line: string): JobState {
  if (line === 'running') return { state: 'running' };
  return { state: 'ended', exit: parseExit(line) };
}

function parseExit(line: string): Exit {
  const exited = /^exited (\d{1,3}) \.$/.exec(line);
  if (exited && Number(exited[1]) <= 255) return { kind: 'exited', code: Number(exited[1]) };
  const signaled = /^signaled (?:SIG)?([A-Z][A-Z0-9+-]{0,15}) \.$/.exec(line);
  if (signaled) return { kind: 'signaled', signal: `SIG${signaled[1]}` };
  return line === 'rebooted' ? { kind: 'rebooted' } : { kind: 'lost' };
}

/** Reads what the status script prints; a job without its status is left out. */
export function parseRecords(text: string): JobRecord[] {
  const jobs = new Map<string, { label: string | null; status: string | null; sizes: Map<string, number> }>();
  let current: ReturnType<(typeof jobs)['get']>;
  for (const line of text.split('\n')) {
    if (line.startsWith('job ')) {
      current = { label: null, status: null, sizes: new Map() };
      jobs.set(line.slice('job '.length), current);
    } else if (current && line.startsWith('label ')) {
      current.label = line.slice('label '.length, 'label '.length + LONGEST_LABEL);
    } else if (current && line.startsWith('status ')) {
      current.status = line.slice('status '.length);
    } else {
      const file = parseFile(line);
      if (file) jobs.get(file.folder)?.sizes.set(file.name, file.size);
    }
  }
  return [...jobs].flatMap(([name, { label, status, sizes }]) => {
    const id = jobId.safeParse(name);
    if (!id.success || status === null) return [];
    return {
      id: id.data satisfies JobId,
      label,
      status: parseStatus(status),
      outBytes: streamEnd(sizes, 'out'),
      errBytes: streamEnd(sizes, 'err'),
      inBytes: sizes.get('in') ?? 0,
      keptBytes: sumOf([...sizes].filter(([name]) => KEPT_FILE.test(name))),
    };
  });
}

// `-rw------- 1 0 0 1234 Nov 21 02:48 job_…/out.0`: the size is the fifth column, the name the last.
function parseFile(line: string): { folder: string; name: string; size: number } | null {
  const columns = line.trim().split(/\s+/);
  const size = parseOffset(columns[4] ?? '');
  const [folder = '', name] = columns.at(-1)?.split('/') ?? [];
  if (columns.length < 9 || !columns[0]?.startsWith('-') || size === null || name === undefined) return null;
  return { folder, name, size };
}

function streamEnd(sizes: ReadonlyMap<string, number>, stream: string): number {
  const ends = [...sizes].flatMap(([name, size]) => {
    const start = name.startsWith(`${stream}.`) ? parseOffset(name.slice(stream.length + 1)) : null;
    return start === null ? [] : [start + size];
  });
  return Math.max(0, ...ends);
}

/** The error where an account's home folder is not there. */
export function homeMissing(home: string): FarhandError {
  const message = `The home folder ${home} is not there on the host.`;
  return new FarhandError('host.home_missing', { message, details: { home } });
}

/** The error for a start script's answer that is neither `started` nor `exists` nor about the folder. */
export function startError(answer: string): FarhandError {
  const details = { answer: answer.slice(0, 500) };
  if (answer.startsWith('no home ')) return homeMissing(answer.slice('no home '.length));
  if (/no space left/i.test(answer))
    return new FarhandError('disk.full', { message: 'The disk of the host is full.', details });
  if (/quota/i.test(answer)) return new FarhandError('disk.quota_exceeded', { details });
  if (/read-only file system|permission denied/i.test(answer))
    return new FarhandError('host.home_unwritable', { details });
  if (answer === 'unsupported') return new FarhandError('terminal.unsupported');
  return new FarhandError('job.start_failed', { details });
}

function sumOf(sizes: readonly (readonly [string, number])[]): number {
  return sizes.reduce((sum, [, size]) => sum + size, 0);
}

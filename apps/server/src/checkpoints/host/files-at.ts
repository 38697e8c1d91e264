/** A moment of a workspace's files: taken, compared, and put back on the host, by git objects in its own repository. */
import { randomBytes } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import type { ChangedFile } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import { type FileDiff, patchOf, pathspec } from '../../workspaces/diff.ts';
import { hostFailure } from '../../workspaces/errors.ts';
import { fieldsOf, parseDiff, splitSections } from '../../workspaces/git-output.ts';
import { runScript } from '../../workspaces/host-script.ts';
import { APPLY } from './apply-script.ts';
import { COMPARE, COMPARE_FILE } from './compare-script.ts';
import { type Moment, readMoment } from './moment.ts';
import { REFS, TAKE } from './take-script.ts';

/** Where the files are. */
export interface FilesPlace {
  readonly runtime: Runtime;
  /** Absolute, on the host. */
  readonly directory: string;
  readonly workspaceId: WorkspaceId;
}

/** What is too large for a checkpoint is left out of it, and named. */
export interface CheckpointLimits {
  /** Of any file. */
  readonly fileBytes: number;
  /** Of a file that git ignores, of all of those together, and how many. */
  readonly ignoredFileBytes: number;
  readonly ignoredBytes: number;
  readonly ignoredFiles: number;
  /** Of all others together that are new or have changed since the last look. */
  readonly changedBytes: number;
  readonly timeoutMs: number;
}

export const CHECKPOINT_LIMITS: CheckpointLimits = {
  fileBytes: 32 * 1024 * 1024,
  ignoredFileBytes: 1024 * 1024,
  ignoredBytes: 50 * 1024 * 1024,
  ignoredFiles: 2000,
  changedBytes: 2 * 1024 * 1024 * 1024,
  timeoutMs: 60_000,
};

const SECTION_BYTES = 2 * 1024 * 1024;
const MAX_PATCH_BYTES = 512 * 1024;

export interface TakeRequest {
  /** The end of the ref that keeps it, as `ses_…/trn_…`; null keeps it only until git next clears up. */
  readonly ref: string | null;
  /** Sessions of the workspace: what is kept for others goes. */
  readonly live: readonly SessionId[];
  /** Refs to be removed, as `ref`. */
  readonly old: readonly string[];
  readonly limits: CheckpointLimits;
  readonly signal?: AbortSignal;
}

/** In one round trip. Throws `checkpoint.failed`, `workspace.missing`, `disk.*`, `host.*`. */
export async function takeMoment(place: FilesPlace, request: TakeRequest): Promise<Moment> {
  const { ref, live, old, limits } = request;
  const sizes = [
    limits.fileBytes,
    limits.ignoredFileBytes,
    limits.ignoredBytes,
    limits.ignoredFiles,
    limits.changedBytes,
  ];
  const args = [
    ref === null ? '' : REFS + ref,
    live.join(','),
    ...sizes.map(String),
    ...old.map((one) => REFS + one),
  ];
  const stdout = await run(place, { text: TAKE, args, attempt: 'The files could not be kept', ...request });
  return readMoment(stdout);
}

/** Two moments and what lies between them. */
export interface Comparison {
  readonly files: ChangedFile[];
  /** Names of files that differ in any of the other pairs. */
  readonly others: ReadonlySet<string>;
  readonly isCut: boolean;
  /** Commits of the first that the second does not have. */
  readonly lost: number;
}

/** What becomes of `now` by going to `past`. Throws as `takeMoment`. */
export async function compareMoments(
  place: FilesPlace,
  { now, past, others }: { now: Moment; past: Moment; others: readonly (readonly [string, string])[] },
): Promise<Comparison> {
  const marker = randomBytes(16).toString('hex');
  const args = [
    marker,
    String(SECTION_BYTES),
    now.head ?? '',
    past.head ?? '',
    now.files,
    past.files,
    ...others.flat(),
  ];
  const script = { text: COMPARE, args, attempt: 'The checkpoint could not be compared' };
  const stdout = await run(place, { ...script, limits: CHECKPOINT_LIMITS });
  const [count, diff, names] = splitSections(stdout, marker, SECTION_BYTES);
  if (!count || !diff || !names)
    throw new FarhandError('checkpoint.failed', { message: 'The host’s answer is not complete.' });
  return {
    files: parseDiff(fieldsOf(diff)).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    others: new Set(names.bytes.toString('utf8').split('\0')),
    isCut: diff.isCut || names.isCut,
    lost: Number.parseInt(count.bytes.toString('utf8'), 10) || 0,
  };
}

/** The unified diff of one file between two trees. Throws `file.outside_workspace`. */
export async function diffOfFile(
  place: FilesPlace,
  { from, to, path }: { from: string; to: string; path: string },
): Promise<FileDiff> {
  const args = [String(MAX_PATCH_BYTES + 1), from, to, pathspec(path)];
  const script = { text: COMPARE_FILE, args, attempt: 'The diff could not be read' };
  return patchOf(await run(place, { ...script, limits: CHECKPOINT_LIMITS }), MAX_PATCH_BYTES);
}

export interface Applied {
  readonly files: number;
  /** Paths that were left alone; at most 20. */
  readonly left: string[];
}

/**
 * Puts the files back to `past`; with `isWhole` also branch, commit and index. To be called right after `takeMoment` gave
 * `now`: what changed meanwhile is refused as a whole with `checkpoint.failed`, and nothing is written.
 */
export async function applyMoment(
  place: FilesPlace,
  { now, past, isWhole }: { now: Moment; past: Moment; isWhole: boolean },
): Promise<Applied> {
  const args = [now.tree, past.tree, past.head ?? '', past.branch ?? '', isWhole ? '1' : '0'];
  const script = { text: APPLY, args, attempt: 'The files could not be put back' };
  const stdout = await run(place, { ...script, limits: CHECKPOINT_LIMITS });
  const records = new TextDecoder().decode(stdout).split('\0');
  const count = records.find((record) => record.startsWith('count '))?.slice(6);
  return {
    files: Number.parseInt(count ?? '', 10) || 0,
    left: records.flatMap((record) => (record.startsWith('left ') ? [record.slice(5)] : [])).slice(0, 20),
  };
}

interface Run {
  readonly text: string;
  readonly args: readonly string[];
  readonly attempt: string;
  readonly limits: CheckpointLimits;
  readonly signal?: AbortSignal;
}

async function run(
  { runtime, directory, workspaceId }: FilesPlace,
  { text, args, attempt, limits, signal }: Run,
): Promise<Uint8Array> {
  const { timeoutMs } = limits;
  const options = { timeoutMs, lane: workspaceId, ...(signal && { signal }) };
  const script = { text, args: [directory, ...args] };
  const { code, stdout, stderr } = await runScript(runtime, script, options).catch((thrown: unknown) => {
    // The host answers, but the folder is too large: waiting for the host would not help.
    if (!FarhandError.is(thrown, 'host.timed_out')) throw thrown;
    const message = `${attempt}: that took longer than ${Math.round(timeoutMs / 1000)} s.`;
    throw new FarhandError('checkpoint.failed', { message, cause: thrown });
  });
  if (code !== 0) throw hostFailure(stderr, 'checkpoint.failed', attempt);
  return stdout;
}

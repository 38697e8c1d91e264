import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId } from '@farhand/shared/model/ids';
import type { AttachOptions, JobSpec } from '@farhand/shared/runtime/port';
import type { AuditLayerDeps } from './audit-layer.ts';
import { type Capture, createCapture, readKept } from './capture.ts';
import {
  commandFacts,
  commandText,
  type End,
  entryAt,
  exitEntry,
  knownUser,
  type RecordedPlace,
  sandboxFacts,
} from './entries.ts';

/** A job whose start is on record and whose end is not. */
interface OpenJob {
  readonly command: number;
  readonly title: string;
  /** True of a terminal and of a program that is spoken with, whose output need not be kept. */
  readonly isStream: boolean;
}

/** Starts and ends of jobs: each on record once, however often somebody joins a job and in which server. */
export interface JobRecords {
  /**
   * Before a start: throws `audit.unwritable`, or what keeps the host from telling of a job that ran before. False for one
   * that was admitted before, and may have begun.
   */
  admit(at: RecordedPlace, spec: JobSpec): Promise<boolean>;
  notStarted(at: RecordedPlace, id: JobId, thrown: unknown): void;
  /** For what an attach brings; null where it is not to be kept or does not begin at the beginning. */
  capture(at: RecordedPlace, id: JobId, after: AttachOptions['after']): Capture | null;
  ended(at: RecordedPlace, id: JobId, end: End): Promise<void>;
}

export function createJobRecords(deps: AuditLayerDeps): JobRecords {
  const { audit, redactor } = deps;
  const open = new Map<JobId, OpenJob>();
  const captures = new Map<JobId, Capture>();
  const ending = new Map<JobId, Promise<void>>();

  const findOpen = (id: JobId): OpenJob | null => {
    const known = open.get(id);
    if (known) return known;
    const last = audit.lastOfJob(id);
    if (last?.kind !== 'command') return null;
    const found = { command: last.seq, title: last.summary, isStream: last.facts.isStream === true };
    open.set(id, found);
    return found;
  };
  const isKept = ({ isStream }: OpenJob) => !isStream || audit.settings().keepsStreams;

  const end = async (at: RecordedPlace, id: JobId, how: End, job: OpenJob) => {
    const { place } = at;
    const capture = captures.get(id);
    captures.delete(id);
    const isReadable = how.kind !== 'removed' && how.kind !== 'not_started' && isKept(job);
    const covered = redactor(place.projectId);
    const isWhole = capture?.isWhole === true;
    if (capture && !isWhole && isReadable) await capture.discard();
    const kept =
      capture && (isWhole || !isReadable)
        ? await capture.end()
        : isReadable
          ? await readKept(at.runtime.jobs, id, { outputs: audit.outputs, redactor: covered })
          : null;
    open.delete(id);
    const facts = kept && {
      keptBytes: kept.keptBytes,
      isOutputCut: kept.isCut,
      outputProblem: kept.problem,
    };
    const { command, title } = job;
    // Its workspace may have been removed meanwhile, with the jobs in it.
    if (foundQuietly(() => audit.lastOfJob(id))?.kind === 'exit') return;
    audit.recordLater(
      exitEntry(at, how, { command, jobId: id, title, output: kept?.hash ?? null, kept: facts }),
    );
  };

  return {
    async admit(at, spec) {
      const { id } = spec;
      if (open.has(id)) return false;
      if (audit.lastOfJob(id) && (await isThere(at, id))) return false;
      const user = await knownUser(at.runtime);
      // Another one that starts the same may have been faster.
      if (open.has(id)) return false;
      const covered = redactor(at.place.projectId);
      const { command, cwd, env, terminal, input, allowedBy } = spec;
      const title = commandText(command, covered);
      const isStream = terminal !== undefined || input === true;
      const facts = {
        jobId: id,
        ...commandFacts(command, covered),
        cwd: covered.text(cwd),
        user,
        for: at.use.kind,
        ...sandboxFacts(deps, at),
        isStream,
        // Names alone: whose values are secrets is nobody's to read here.
        ...(env && { variables: Object.keys(env).toSorted() }),
        ...(allowedBy && { approvalId: allowedBy.approvalId, rule: allowedBy.rule }),
      };
      open.set(id, {
        command: audit.record(entryAt(at, { kind: 'command', summary: title, facts })),
        title,
        isStream,
      });
      return true;
    },
    notStarted(at, id, thrown) {
      const job = open.get(id);
      if (!job || FarhandError.is(thrown, 'job.not_found')) return;
      const why = redactor(at.place.projectId).text(FarhandError.from(thrown).message);
      void end(at, id, { kind: 'not_started', why }, job);
    },
    capture(at, id, after) {
      const known = captures.get(id);
      if (known) return known;
      if ((after?.out ?? 0) > 0 || (after?.err ?? 0) > 0) return null;
      const job = foundQuietly(() => findOpen(id));
      if (!job || !isKept(job)) return null;
      const made = createCapture(audit.outputs, () => redactor(at.place.projectId));
      captures.set(id, made);
      return made;
    },
    async ended(at, id, how) {
      const under = ending.get(id);
      if (under) return under;
      const job = foundQuietly(() => findOpen(id));
      if (!job) return;
      const work = end(at, id, how, job).finally(() => ending.delete(id));
      ending.set(id, work);
      return work;
    },
  };
}

// A log that cannot be read now keeps nothing from being seen that runs already.
function foundQuietly<Found>(find: () => Found | null): Found | null {
  try {
    return find();
  } catch {
    return null;
  }
}

async function isThere({ runtime }: RecordedPlace, id: JobId): Promise<boolean> {
  try {
    await runtime.jobs.get(id);
    return true;
  } catch (thrown) {
    if (FarhandError.is(thrown, 'job.not_found')) return false;
    throw thrown;
  }
}

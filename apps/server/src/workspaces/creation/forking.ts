/** Forks: new workspaces made from one moment of another one, which goes on undisturbed. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostTarget } from '@farhand/shared/model/host-target';
import { type ComparisonId, newId, type WorkspaceId } from '@farhand/shared/model/ids';
import { coverError } from '../../secrets/cover-error.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { type CaptureDeps, captureNow } from '../archive/capture-now.ts';
import { unlessAborted } from '../deadline.ts';
import { createQueues } from '../queues.ts';
import type { WorkspaceRecords } from '../records.ts';
import { beginStep, newSteps, noteStep } from '../steps.ts';
import type { ArchiveRecord, WorkspaceRecord } from '../workspace-store.ts';
import { readName } from './new-record.ts';

/** What is forked, and where to. */
export interface ForkRequest {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** What a person typed; null for the host of the workspace that is forked. */
  readonly host: string | null;
  /** Forks of one comparison are of the same moment. */
  readonly comparisonId?: ComparisonId | null;
}

export interface Forking {
  /** The stored record of a new fork. Throws `workspace.not_found`, `workspace.not_ready`, `workspace.missing`, `workspace.name_taken`, `host.invalid_name`. */
  add(request: ForkRequest): WorkspaceRecord;
  /**
   * Brings what the fork is to hold to the server, kept there like an archive until the fork is ready. Does nothing where
   * it is there already, and for what is no fork. Throws `workspace.fork_refused`, `workspace.not_ready`, `host.*`.
   */
  capture(id: WorkspaceId, signal: AbortSignal): Promise<void>;
}

export interface ForkingDeps extends CaptureDeps {
  readonly records: WorkspaceRecords;
  readonly secrets: Pick<Secrets, 'redactor'>;
  readonly targetOf: (host: string | null) => HostTarget;
}

export function createForking(deps: ForkingDeps): Forking {
  const { records, archives } = deps;
  // The forks of one comparison wait for the first: it captures for all of them.
  const captures = createQueues();

  async function captureInTurn(id: WorkspaceId, signal: AbortSignal): Promise<void> {
    const record = records.find(id);
    if (!record?.fork || record.archive !== null) return;
    const source = sourceOf(records, record.fork.workspaceId);
    const detail = `taking the work of “${source.name}”`;
    records.change(id, {
      steps: noteStep(beginStep(record.steps, 'connect'), 'connect', { detail }),
    });
    const kept = source.archive ?? (await captureNow(deps, { ...source, id }, { signal, endsJobs: false }));
    if (source.archive) await archives.share(record.projectId, source.id, id);
    signal.throwIfAborted();
    for (const other of waitingFor(records, record)) {
      await archives.share(record.projectId, id, other.id);
      take(other, kept, source);
    }
    take(record, kept, source);
  }

  // Its base may have been made anew with the source's own restoring since the fork was asked for.
  const take = ({ id }: WorkspaceRecord, archive: ArchiveRecord, { baseCommit }: WorkspaceRecord) =>
    records.change(id, { archive, baseCommit });

  return {
    add(request) {
      const source = sourceOf(records, request.workspaceId);
      const name = readName(request.name);
      const { hostId, baseDirectory } = request.host === null ? source : deps.targetOf(request.host);
      records.checkName(source.projectId, name);
      const record: WorkspaceRecord = {
        ...source,
        id: newId('workspace'),
        name,
        hostId,
        baseDirectory,
        directory: null,
        state: 'creating',
        isWaitingForHost: false,
        archive: null,
        diskBytes: null,
        steps: newSteps(),
        changes: null,
        fork: { workspaceId: source.id, comparisonId: request.comparisonId ?? null },
        move: null,
        createdAt: new Date().toISOString(),
      };
      records.insert(record);
      return record;
    },
    async capture(id, signal) {
      const record = records.find(id);
      if (!record?.fork) return;
      const key = record.fork.comparisonId ?? id;
      try {
        await unlessAborted(
          captures.run(key, () => captureInTurn(id, signal), signal),
          signal,
        );
      } catch (error) {
        throw asForkRefusal(coverError(error, deps.secrets.redactor(record.projectId)));
      }
    },
  };
}

/** Throws `workspace.fork_refused`, `workspace.missing`, `workspace.not_ready`. */
function sourceOf(records: WorkspaceRecords, id: WorkspaceId): WorkspaceRecord {
  const source = records.get(id);
  const { state, directory } = source;
  if (state === 'missing') throw new FarhandError('workspace.missing', { details: { workspaceId: id } });
  const isThere = (state === 'ready' && directory !== null) || (state === 'archived' && source.archive);
  if (!isThere)
    throw new FarhandError('workspace.not_ready', {
      message: `The workspace “${source.name}”, which is to be forked, is not ready.`,
      hint: 'Wait until it is ready, then retry.',
      details: { workspaceId: id, state },
    });
  return source;
}

/** The other forks of the same comparison that have nothing yet. */
function waitingFor(records: WorkspaceRecords, { id, fork }: WorkspaceRecord): WorkspaceRecord[] {
  if (!fork?.comparisonId) return [];
  return records
    .all()
    .filter(
      (one) =>
        one.id !== id &&
        one.fork?.comparisonId === fork.comparisonId &&
        one.fork.workspaceId === fork.workspaceId &&
        one.archive === null &&
        (one.state === 'creating' || one.state === 'failed'),
    );
}

// The words of an archive's refusal say what holds a fork up, too.
function asForkRefusal(error: unknown): unknown {
  if (FarhandError.is(error, 'workspace.not_found'))
    return new FarhandError('workspace.fork_refused', {
      message: 'The workspace that was to be forked is gone.',
      hint: 'Delete this one; nothing was taken.',
    });
  if (!FarhandError.is(error, 'workspace.archive_refused')) return error;
  return new FarhandError('workspace.fork_refused', { message: error.message, cause: error });
}

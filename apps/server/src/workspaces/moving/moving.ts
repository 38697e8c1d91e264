/** Moves workspaces to another host: what they hold goes to the server, then to the new host; the old one is cleared last. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostTarget } from '@farhand/shared/model/host-target';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { StateFeed } from '../../feed/state-feed.ts';
import type { HostTasks } from '../../host-tasks/host-tasks.ts';
import type { Log } from '../../logging/log.ts';
import { type CaptureDeps, captureNow } from '../archive/capture-now.ts';
import type { CreationHooks } from '../creation/creations.ts';
import { withDeadline } from '../deadline.ts';
import type { WorkspaceRecords } from '../records.ts';
import { newSteps } from '../steps.ts';
import type { WorkspaceRecord } from '../workspace-store.ts';
import { createFormerHosts, type FormerHosts } from './former-hosts.ts';

export interface Moving extends CreationHooks {
  /**
   * Resolves when its creation on the new host has begun, or when it waits for running turns to end; `now` stops them.
   * Throws `workspace.move_refused`, `workspace.archive_refused`, `host.*`; it is ready on its old host then.
   */
  start(id: WorkspaceId, target: HostTarget, now: boolean): Promise<void>;
  /**
   * Gives up a move that waits or captures, as a person asks: the workspace is ready on its old host. Nothing where none is
   * under way. Throws `workspace.move_refused` for one that is made on the new host already.
   */
  withdraw(id: WorkspaceId): Promise<void>;
  /** The same before an archive or a deletion. One that is made there goes with its deletion. */
  cancel(id: WorkspaceId): Promise<void>;
  /** At the server's start. */
  resumeAll(): void;
  /** Leaves what is under way to the next server. */
  shutdown(): Promise<void>;
}

/** How a move ended: `error` says why it stayed where it was. */
export type MoveEnd = { readonly from: string; readonly to: string; readonly error: FarhandError | null };

/** What moving a workspace means for what is at work in it. */
export interface MovingWork {
  /** True while a turn of a session runs. */
  isAtWork(id: WorkspaceId): boolean;
  /** Ends turns and terminals; sessions stay. */
  rest(id: WorkspaceId): Promise<void>;
  /** Ends what agents keep on the host that is left. */
  release(id: WorkspaceId): Promise<void>;
  /** Called once it is over, either way. */
  ended(id: WorkspaceId, end: MoveEnd): void;
}

export interface MovingDeps extends CaptureDeps {
  readonly records: WorkspaceRecords;
  readonly feed: StateFeed;
  readonly tasks: HostTasks;
  readonly work: MovingWork;
  /** Starts the creation on the new host. */
  readonly create: (id: WorkspaceId) => void;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

/** A host that does not answer for so long is not moved to. */
const ANSWER_TIMEOUT_MS = 30_000;

export function createMoving(deps: MovingDeps): Moving {
  const { records, work } = deps;
  const former = createFormerHosts(deps);
  const running = new Map<WorkspaceId, { stop: AbortController; ended: Promise<void> }>();
  const waiting = new Set<WorkspaceId>();

  function begin(id: WorkspaceId): Promise<void> {
    waiting.delete(id);
    const known = running.get(id);
    if (known) return known.ended;
    const { move } = records.get(id);
    if (!move) return Promise.resolve();
    // From now on no turn begins.
    records.change(id, {
      state: 'archiving',
      isWaitingForHost: false,
      move: { ...move, state: 'capturing' },
    });
    const stop = new AbortController();
    const ended = carry(deps, id, stop.signal)
      .catch((error: unknown) => {
        if (stop.signal.reason === SHUTDOWN) return;
        const refusal = asMoveRefusal(error);
        giveUp(deps, id, stop.signal.aborted ? null : FarhandError.from(refusal));
        throw refusal;
      })
      .finally(() => running.delete(id));
    running.set(id, { stop, ended });
    return ended;
  }

  const beginQuietly = (id: WorkspaceId) =>
    void begin(id).catch((error: unknown) =>
      deps.log?.warn('workspace.move_failed', { workspaceId: id, error }),
    );

  function look(id: WorkspaceId): void {
    const record = records.find(id);
    if (record?.move?.state !== 'waiting' || record.state !== 'ready') return void waiting.delete(id);
    if (!work.isAtWork(id)) beginQuietly(id);
  }

  // In the very moment in which a turn ends: whoever hears of it later, as a queue of messages, finds the workspace moving.
  const unwatch = deps.feed.watch((change) => {
    if (waiting.size === 0) return;
    if (change.type === 'changed' && change.entity.kind === 'session') {
      const { workspaceId } = change.entity.value;
      if (waiting.has(workspaceId)) look(workspaceId);
    }
    if (change.type === 'removed' && change.kind === 'session') for (const id of waiting) look(id);
  });

  const end = async (id: WorkspaceId, reason: unknown) => {
    const run = running.get(id);
    run?.stop.abort(reason);
    await run?.ended.catch(() => {});
  };

  async function giveUpWaiting(id: WorkspaceId): Promise<void> {
    waiting.delete(id);
    await end(id, new DOMException('The move was given up.', 'AbortError'));
    if (records.find(id)?.move?.state === 'waiting') records.change(id, { move: null });
  }

  const arriving = arrivals(deps, former);
  return {
    ...arriving,
    async start(id, target, now) {
      const record = records.get(id);
      const { hostId } = target;
      // Also of a move before the last one: it would clear what this one brings there.
      refuse(
        record,
        target,
        deps.tasks.isLeft({ kind: 'clear_former', hostId, workspaceId: id, directory: null }),
      );
      records.change(id, { move: { ...target, state: 'waiting', from: null } });
      if (now || !work.isAtWork(id)) await begin(id);
      else waiting.add(id);
    },
    async withdraw(id) {
      await giveUpWaiting(id);
      const { move, name } = records.get(id);
      if (move?.state === 'making') throw tooLate(id, name, move.hostId);
    },
    async cancel(id) {
      await giveUpWaiting(id);
      const record = records.find(id);
      if (record?.move?.state === 'making') former.clearOnly(id, record.move.from);
    },
    resumeAll() {
      for (const { id, state, move } of records.all()) {
        if (state === 'archiving' && move?.state === 'capturing') beginQuietly(id);
        if (move?.state === 'waiting') {
          waiting.add(id);
          look(id);
        }
        if (move?.state === 'clearing') former.clear(id);
        // Killed when it was there, and before it was said of the old host that it has to be cleared.
        if (state === 'ready' && move?.state === 'making') arriving.arrived(id);
      }
    },
    async shutdown() {
      unwatch();
      await Promise.all([...running.keys()].map((id) => end(id, SHUTDOWN)));
    },
  };
}

const SHUTDOWN = new DOMException('The server is stopping.', 'AbortError');

function refuse(
  { id, name, hostId, move }: WorkspaceRecord,
  target: HostTarget,
  isToBeCleared: boolean,
): void {
  const say = (message: string, hint?: string) =>
    new FarhandError('workspace.move_refused', {
      message,
      details: { workspaceId: id },
      ...(hint !== undefined && { hint }),
    });
  if (move && move.state !== 'clearing') throw say(`“${name}” is being moved already.`);
  if (target.hostId === hostId) throw say(`“${name}” is on ${hostId} already.`, 'Choose another host.');
  if (isToBeCleared || move?.hostId === target.hostId)
    throw say(
      `What “${name}” left on ${target.hostId} has not been cleared yet.`,
      'It is cleared as soon as the host answers; move it then.',
    );
}

function tooLate(workspaceId: WorkspaceId, name: string, hostId: string): FarhandError {
  return new FarhandError('workspace.move_refused', {
    message: `“${name}” is being made on ${hostId} already.`,
    hint: 'Let it arrive, then move it back.',
    details: { workspaceId },
  });
}

// The words of an archive's refusal say what holds a move up, too.
function asMoveRefusal(error: unknown): unknown {
  if (!FarhandError.is(error, 'workspace.archive_refused')) return error;
  return new FarhandError('workspace.move_refused', { message: error.message, cause: error });
}

/** From the old host to the server; then its creation on the new host begins. */
async function carry(deps: MovingDeps, id: WorkspaceId, signal: AbortSignal): Promise<void> {
  const { records, runtimes, work } = deps;
  const { move } = records.get(id);
  if (!move) return;
  const target = runtimes.for(move.hostId);
  // Nothing is ended for a host that cannot be reached, or for work that cannot be taken along.
  if (target.connection().state === 'refused') await target.reconnect?.();
  await withDeadline(target.facts(), ANSWER_TIMEOUT_MS, move.hostId);
  signal.throwIfAborted();
  await captureNow(deps, records.get(id), { signal, endsJobs: false });
  await work.rest(id);
  // Once more: what ran until now may have written since.
  const archive = await captureNow(deps, records.get(id), { signal, endsJobs: true });
  signal.throwIfAborted();
  const { hostId, baseDirectory, directory, steps } = records.get(id);
  records.change(id, {
    archive,
    hostId: move.hostId,
    baseDirectory: move.baseDirectory,
    directory: null,
    state: 'creating',
    steps: newSteps(),
    changes: null,
    diskBytes: null,
    move: { ...move, state: 'making', from: { hostId, baseDirectory, directory, steps } },
  });
  deps.create(id);
}

/** Nothing was taken from the old host: the workspace is there as before. */
function giveUp(
  { records, archives, work, log }: MovingDeps,
  id: WorkspaceId,
  error: FarhandError | null,
): void {
  const record = records.find(id);
  if (record?.move?.state !== 'capturing') return;
  records.change(id, { state: 'ready', isWaitingForHost: false, move: null });
  archives
    .remove(record.projectId, id)
    .catch((cause: unknown) => log?.warn('workspace.archive_left', { workspaceId: id, error: cause }));
  if (error) work.ended(id, { from: record.hostId, to: record.move.hostId, error });
}

/** What becomes of a workspace whose creation on the new host has ended. */
function arrivals({ records, archives, work, log }: MovingDeps, former: FormerHosts): CreationHooks {
  return {
    async arriving(id) {
      if (records.get(id).move?.state === 'making') await work.release(id);
    },
    arrived(id) {
      const { move, hostId } = records.get(id);
      if (move?.state !== 'making' || !move.from) return;
      const { from } = move;
      records.change(id, { move: { ...move, hostId: from.hostId, state: 'clearing' } });
      former.clear(id);
      work.ended(id, { from: from.hostId, to: hostId, error: null });
    },
    failed(id, error) {
      const { move, hostId, directory, projectId, baseDirectory } = records.get(id);
      if (move?.state !== 'making' || !move.from) return false;
      const { from } = move;
      const left = { hostId, baseDirectory, directory, steps: [] };
      records.change(id, {
        ...from,
        state: 'ready',
        archive: null,
        move: directory === null ? null : { ...move, hostId, state: 'clearing', from: left },
      });
      archives
        .remove(projectId, id)
        .catch((cause: unknown) => log?.warn('workspace.archive_left', { workspaceId: id, error: cause }));
      former.clear(id);
      work.ended(id, { from: from.hostId, to: hostId, error });
      return true;
    },
  };
}

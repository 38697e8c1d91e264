/** Forks of workspaces and sessions: the same work, once more, in a workspace of its own. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { Agents } from '../agents/agents.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Log } from '../logging/log.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { ForkRequest } from '../workspaces/creation/forking.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { copiedItems, forgotItem } from './copied-items.ts';

export interface Forks {
  /**
   * A new workspace with the same commits, branches and uncommitted work, with state `creating`; what keeps it from being
   * made is in its steps. Throws `workspace.not_found`, `workspace.not_ready`, `workspace.name_taken`, `host.invalid_name`.
   */
  fork(request: ForkRequest): Workspace;
  /** The workspace forked under this name, once it is ready; forked now where there is none yet. Throws `workspace.fork_refused`. */
  forkedReady(id: WorkspaceId, name: string): Promise<WorkspaceId>;
  /** A session like this one in a fork of its workspace. Throws as `fork`, and `session.not_found`. */
  forkSession(input: ParsedInput<'session.fork'>): Promise<{ workspace: Workspace; session: Session }>;
}

export interface ForksDeps {
  readonly feed: StateFeed;
  readonly workspaces: Pick<Workspaces, 'list' | 'get' | 'addFork' | 'beginFork'>;
  readonly sessions: Pick<Sessions, 'get' | 'create' | 'rename'>;
  readonly transcripts: Pick<Transcripts, 'items' | 'writer'>;
  readonly agents: Pick<Agents, 'of'>;
  readonly log?: Pick<Log, 'warn'>;
}

export function createForks(deps: ForksDeps): Forks {
  const { workspaces, sessions, transcripts, agents } = deps;

  function fork(request: ForkRequest): Workspace {
    const { id } = workspaces.addFork(request);
    workspaces.beginFork(id);
    return workspaces.get(id);
  }

  /** What its agent knows, and what the transcript shows of it. */
  async function copyHistory(from: Session, to: Session): Promise<void> {
    const writer = transcripts.writer(to.id);
    for (const item of copiedItems(transcripts.items(from.id))) writer.put(item);
    writer.flush();
    try {
      await agents.of(from.agent).copyMemory(from.id, to.id);
    } catch (error) {
      deps.log?.warn('session.memory_not_copied', { sessionId: to.id, error });
      const item = forgotItem(transcripts.items(to.id), FarhandError.from(error));
      if (item) writer.put(item);
      writer.flush();
    }
  }

  return {
    fork,
    async forkedReady(id, name) {
      const { projectId } = workspaces.get(id);
      const known = workspaces.list().find((one) => one.projectId === projectId && one.name === name);
      const { id: made } = known ?? fork({ workspaceId: id, name, host: null });
      return untilReady(deps, made);
    },
    async forkSession({ sessionId, withHistory, name, host }) {
      const from = sessions.get(sessionId);
      const { agent, model, workspaceId, title } = from;
      const { id } = fork({ workspaceId, name, host });
      const made = sessions.create(id, model, { agent, parent: { sessionId, kind: 'fork' } });
      sessions.rename(made.id, title);
      if (withHistory) await copyHistory(from, made);
      return { workspace: workspaces.get(id), session: sessions.get(made.id) };
    },
  };
}

/** Resolves when it is ready. Throws what its failed step says, and `workspace.not_found` where it is deleted. */
function untilReady(
  { feed, workspaces }: Pick<ForksDeps, 'feed' | 'workspaces'>,
  id: WorkspaceId,
): Promise<WorkspaceId> {
  return new Promise((resolve, reject) => {
    const look = () => {
      try {
        const { state, steps } = workspaces.get(id);
        if (state === 'creating') return;
        unwatch();
        if (state === 'ready') return resolve(id);
        const error = steps.find((step) => step.error !== null)?.error;
        reject(
          new FarhandError('workspace.fork_refused', {
            ...(error && { message: error.message }),
            details: { workspaceId: id, state },
          }),
        );
      } catch (error) {
        unwatch();
        reject(error);
      }
    };
    const unwatch = feed.watch((change) => {
      const changed = change.type === 'changed' ? change.entity.value.id : change.id;
      if (changed === id) queueMicrotask(look);
    });
    look();
  });
}

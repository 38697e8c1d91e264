/** What a workspace's move means for its sessions. */
import { newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Agents } from '../agents/agents.ts';
import type { Log } from '../logging/log.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { MoveEnd, MovingWork } from '../workspaces/moving/moving.ts';

interface MovedSessionsDeps {
  /** Made after the workspaces that use this. */
  readonly sessions: () => Pick<Sessions, 'list'>;
  readonly transcripts: Pick<Transcripts, 'items' | 'writer'>;
  readonly agents: Pick<Agents, 'of'>;
  readonly redactorOf: (id: WorkspaceId) => Redactor;
  /** Ends turns and terminals; sessions stay. */
  readonly rest: (id: WorkspaceId) => Promise<void>;
  readonly log?: Pick<Log, 'warn'>;
}

const AT_WORK: ReadonlySet<string> = new Set(['working', 'blocked', 'contact_lost']);

export function createMovedSessions(deps: MovedSessionsDeps): MovingWork {
  const ofWorkspace = (id: WorkspaceId) =>
    deps
      .sessions()
      .list()
      .filter((one) => one.workspaceId === id);
  return {
    isAtWork: (id) => ofWorkspace(id).some(({ state }) => AT_WORK.has(state)),
    rest: deps.rest,
    async release(id) {
      const releases = ofWorkspace(id).map(async (session) => {
        try {
          await deps.agents.of(session.agent).release(session.id);
        } catch (error) {
          // Its process went with the jobs of the host that is left: what remains is a record of ours.
          deps.log?.warn('session.not_released', { sessionId: session.id, error });
        }
      });
      await Promise.all(releases);
    },
    ended(id, end) {
      const text = deps.redactorOf(id).text(wordsOf(end));
      for (const session of ofWorkspace(id)) tell(deps, session.id, { text, isWarning: end.error !== null });
    },
  };
}

function wordsOf({ from, to, error }: MoveEnd): string {
  if (error === null) return `The workspace moved from ${from} to ${to}.`;
  return `The workspace could not be moved to ${to} and stays on ${from}: ${error.message}`;
}

function tell(
  { transcripts }: MovedSessionsDeps,
  id: SessionId,
  { text, isWarning }: { text: string; isWarning: boolean },
): void {
  const turnId = transcripts.items(id).at(-1)?.turnId;
  // Before the first message there is nobody to be told.
  if (turnId === undefined) return;
  const writer = transcripts.writer(id);
  const level = isWarning ? 'warning' : 'info';
  writer.put({ id: newId('item'), turnId, at: new Date().toISOString(), kind: 'notice', level, text });
  writer.flush();
}

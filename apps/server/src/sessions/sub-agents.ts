import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import type { ToolCallItem, TranscriptItem } from '@farhand/shared/model/transcripts';
import type { SubAgentResult, SubAgentSpec, SubAgents } from '../agents/builtin/sub-agents.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { Sessions } from './sessions.ts';

interface SubAgentsDeps {
  readonly sessions: () => Pick<
    Sessions,
    'list' | 'get' | 'create' | 'setControl' | 'prompt' | 'rename' | 'stop'
  >;
  readonly transcripts: Transcripts;
  readonly feed: StateFeed;
  readonly workspaces: Pick<Workspaces, 'get'>;
  /** The workspace forked under this name, ready; forked now where there is none yet. Absent where nothing forks. */
  readonly fork?: (id: WorkspaceId, name: string) => Promise<WorkspaceId>;
}

/** A chain of parents longer than this is no chain. */
const LONGEST_CHAIN = 16;

/** Sub-agents as sessions like any other: seen, stopped, and taken up after a restart. */
export function createSubAgents({ sessions, transcripts, feed, workspaces, fork }: SubAgentsDeps): SubAgents {
  const find = (id: SessionId) =>
    sessions()
      .list()
      .find((session) => session.id === id) ?? null;
  const lastTurn = (id: SessionId) => transcripts.items(id).findLast((item) => item.kind === 'turn') ?? null;
  const resultOf = (id: SessionId): SubAgentResult => {
    const { workspaceId, parent } = sessions().get(id);
    const { directory, name } = workspaces.get(workspaceId);
    const parentPlace = parent ? find(parent.sessionId)?.workspaceId : workspaceId;
    const workspace = parentPlace === workspaceId ? null : name;
    return { ...ended(transcripts.items(id)), directory, workspace };
  };
  return {
    canIsolate: fork !== undefined,
    depth(id) {
      let depth = 0;
      for (let one = find(id); one?.parent?.kind === 'subagent' && depth < LONGEST_CHAIN; depth += 1)
        one = find(one.parent.sessionId);
      return depth;
    },
    async start(child, spec, signal) {
      if (find(child) === null) {
        const { parent } = spec;
        const { workspaceId, sandbox } = sessions().get(parent);
        const place = spec.isIsolated && fork ? await fork(workspaceId, forkName(child)) : workspaceId;
        if (signal.aborted) return;
        // An agent comes by it neither into a wider sandbox than its own nor out of the one that it cannot have.
        sessions().create(place, spec.model, {
          id: child,
          parent: { sessionId: parent, kind: 'subagent' },
          sandbox,
        });
      }
      if (lastTurn(child) !== null) return;
      await setControls(child, spec);
      if (signal.aborted) return;
      sessions().prompt(child, spec.prompt, { model: spec.model });
      sessions().rename(child, spec.description);
    },
    result(child, signal) {
      return new Promise((resolve, reject) => {
        const settle = (work: () => void) => {
          unwatch();
          unwatchFeed();
          signal.removeEventListener('abort', onAbort);
          work();
        };
        const onAbort = () => settle(() => reject(signal.reason));
        const unwatch = transcripts.watch(child, (events) => {
          if (events.some((event) => 'item' in event && isEnd(event.item)))
            settle(() => resolve(resultOf(child)));
        });
        const unwatchFeed = feed.watch((change) => {
          if (change.type === 'removed' && change.id === child) settle(() => resolve(GONE));
        });
        signal.addEventListener('abort', onAbort, { once: true });
        const turn = find(child) && lastTurn(child);
        if (signal.aborted) onAbort();
        else if (turn === null) settle(() => resolve(GONE));
        else if (isEnd(turn)) settle(() => resolve(resultOf(child)));
      });
    },
    async stop(child) {
      if (find(child) !== null) await sessions().stop(child);
    },
  };

  async function setControls(child: SessionId, { mode, effort, profile }: SubAgentSpec): Promise<void> {
    await sessions().setControl(child, 'mode', mode);
    await sessions().setControl(child, 'effort', effort);
    if (profile !== null) await sessions().setControl(child, 'profile', profile);
  }
}

const GONE: SubAgentResult = {
  state: 'failed',
  text: 'Its session was deleted.',
  files: [],
  directory: null,
  workspace: null,
};

// The same each time, so that a fork that a restart interrupted is found.
function forkName(child: SessionId): string {
  return `task-${child.slice(-8).toLowerCase()}`;
}

function isEnd(item: TranscriptItem): boolean {
  return item.kind === 'turn' && item.state !== 'working';
}

function ended(items: readonly TranscriptItem[]): Pick<SubAgentResult, 'state' | 'text' | 'files'> {
  const turn = items.findLast((item) => item.kind === 'turn');
  const state = turn?.kind === 'turn' && turn.state !== 'working' ? turn.state : 'stopped';
  const said = items.findLast((item) => item.kind === 'text' && item.turnId === turn?.turnId);
  const text = said?.kind === 'text' ? said.text : 'It said nothing.';
  const error = turn?.kind === 'turn' ? turn.error : null;
  const calls = items.filter((item) => item.kind === 'tool_call');
  return {
    state,
    text: error ? `${error.message}\n\n${text}` : text,
    files: [...new Set(calls.flatMap(changedFiles))],
  };
}

function changedFiles({ tool, state, input }: ToolCallItem): string[] {
  if (state !== 'done' || (tool !== 'edit_file' && tool !== 'write_file')) return [];
  const path = typeof input === 'object' && input !== null && 'path' in input ? input.path : null;
  return typeof path === 'string' ? [path] : [];
}

import type { AgentControls } from '@farhand/shared/model/agents';
import type { DryRun } from '@farhand/shared/model/dry-run';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import type { SessionId, TerminalId, WorkspaceId } from '@farhand/shared/model/ids';
import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore } from 'zustand/vanilla';
import { applyChanged, applyRemoved, applySnapshot, EMPTY_ENTITIES, type Entities } from './entities.ts';
import { subscribe } from './socket.ts';

interface State extends Entities {
  /** True from the first snapshot on; what is shown while the server is lost is the last that was known. */
  readonly isLoaded: boolean;
}

/** Everything that the server has, as of the last message; for code outside React. */
export const stateStore = createStore<State>(() => ({ ...EMPTY_ENTITIES, isLoaded: false }));

/** Fills the store from the `state` topic; called once, when the page starts. */
export function startStateStore(): void {
  subscribe(
    { kind: 'state' },
    {
      onSnapshot: (entities) => {
        counted.clear();
        stateStore.setState((state) => ({ ...applySnapshot(state, entities), isLoaded: true }));
      },
      onChanged: (entity) => {
        if (entity.kind === 'session' && isCountedOnly(entity.value)) return countLater(entity.value);
        if (entity.kind === 'session') counted.delete(entity.value.id);
        stateStore.setState((state) => applyChanged(state, entity));
      },
      onRemoved: (kind, id) => {
        if (kind === 'session') counted.delete(id);
        stateStore.setState((state) => applyRemoved(state, kind, id));
      },
    },
  );
}

// An agent that streams counts up its events many times a second, and each change of the store asks every component.
const COUNT_EVERY_MS = 250;
const counted = new Map<string, Session>();
let timer: ReturnType<typeof setTimeout> | undefined;

function countLater(session: Session): void {
  counted.set(session.id, session);
  timer ??= setTimeout(() => {
    timer = undefined;
    const sessions = [...counted.values()];
    counted.clear();
    stateStore.setState((state) =>
      sessions.reduce<Entities>((all, value) => applyChanged(all, { kind: 'session', value }), state),
    );
  }, COUNT_EVERY_MS);
}

/** True where nothing but its counts, its costs and its time are others than is known. */
function isCountedOnly(session: Session): boolean {
  const known = stateStore.getState().sessions[session.id];
  if (!known || known.state !== session.state) return false;
  const { lastSeq, updatedAt, usage, context, costUsd } = known;
  const asKnown = { ...session, lastSeq, updatedAt, usage, context, costUsd };
  return JSON.stringify(asKnown) === JSON.stringify(known);
}

/** A part of the state. An array or object made by `select` is compared by its members, so unrelated changes draw nothing. */
export function useServerState<Part>(select: (state: State) => Part): Part {
  return useStore(stateStore, useShallow(select));
}

export const useHost = (id: HostId): Host | undefined => useServerState((state) => state.hosts[id]);
export const useWorkspace = (id: WorkspaceId): Workspace | undefined =>
  useServerState((state) => state.workspaces[id]);
export const useSession = (id: SessionId): Session | undefined =>
  useServerState((state) => state.sessions[id]);
export const useTerminal = (id: TerminalId): Terminal | undefined =>
  useServerState((state) => state.terminals[id]);

/** What a session's agent lets a person set; undefined until it has said so. */
export const useControls = (id: SessionId): AgentControls | undefined =>
  useServerState((state) => state.controls[id]);

/** The dry run of a session; undefined where it never had one. */
export const useDryRun = (id: SessionId): DryRun | undefined => useServerState((state) => state.dryRuns[id]);

const byCreation = (a: { createdAt: string; id: string }, b: { createdAt: string; id: string }) =>
  a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);

/** The sessions of a workspace, oldest first. */
export const useSessionsOf = (id: WorkspaceId): readonly Session[] =>
  useServerState((state) =>
    Object.values(state.sessions)
      .filter((session) => session.workspaceId === id)
      .toSorted(byCreation),
  );

/** The terminals of a workspace, oldest first. */
export const useTerminalsOf = (id: WorkspaceId): readonly Terminal[] =>
  useServerState((state) =>
    Object.values(state.terminals)
      .filter((terminal) => terminal.workspaceId === id)
      .toSorted(byCreation),
  );

/** A session's messages for later, in the order in which they are sent. */
export const useQueuedOf = (id: SessionId): readonly QueuedMessage[] =>
  useServerState((state) =>
    Object.values(state.queuedMessages)
      .filter((message) => message.sessionId === id)
      .toSorted(byCreation),
  );

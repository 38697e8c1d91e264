import type { AgentId } from '@farhand/shared/model/agents';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { call } from '@/client/call.ts';
import { stateStore } from '@/client/state-store.ts';

/** What a new session begins with, where it is not the built-in agent and a conversation of its own. */
export interface SessionChoice {
  readonly agent?: AgentId;
  /** A conversation that the agent remembers, to go on with. */
  readonly nativeId?: string;
}

/** A new session of a workspace, known to the page's state when it resolves. */
export async function createSession(workspaceId: WorkspaceId, choice: SessionChoice = {}): Promise<Session> {
  const { session } = await call('session.create', { workspaceId, ...choice });
  await known(session);
  return session;
}

/** The workspace's newest session; made where it has none. One tab at a time, and not while a first message is sent. */
export async function firstSession(workspaceId: WorkspaceId): Promise<Session> {
  const get = async () => newest(workspaceId) ?? (await createSession(workspaceId));
  // The lock of a first message that was typed before the workspace was ready: that makes a session also.
  return navigator.locks
    ? await navigator.locks.request(`farhand.first-message.${workspaceId}`, get)
    : await get();
}

// The session of a workspace that changed last.
function newest(workspaceId: WorkspaceId): Session | undefined {
  return Object.values(stateStore.getState().sessions)
    .filter((session) => session.workspaceId === workspaceId && session.parent?.kind !== 'subagent')
    .toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0];
}

function known(session: Session): Promise<void> {
  if (stateStore.getState().sessions[session.id]) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = stateStore.subscribe((state) => {
      if (!state.sessions[session.id]) return;
      stop();
      resolve();
    });
  });
}

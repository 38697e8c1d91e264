import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { call } from '@/client/call.ts';
import { stateStore, useServerState } from '@/client/state-store.ts';
import { createStoredStore, storedObject } from '@/client/stored.ts';
import { showError } from '@/ui/toast.tsx';

/** A message typed before its workspace is ready; sent then, if `isQueued`. */
interface FirstMessage {
  readonly text: string;
  readonly isQueued: boolean;
}

const NONE: FirstMessage = { text: '', isQueued: false };

const store = createStoredStore<Readonly<Record<string, FirstMessage>>>('first-messages', (stored) =>
  Object.fromEntries(
    Object.entries(storedObject(stored)).map(([id, message]) => {
      const { text, isQueued } = storedObject(message);
      return [id, { text: typeof text === 'string' ? text : '', isQueued: isQueued === true }];
    }),
  ),
);

export const useFirstMessage = (id: WorkspaceId): FirstMessage =>
  useStore(store, (messages) => messages[id] ?? NONE);

/** Keeps the message, also over a reload; an empty one is forgotten. */
export function setFirstMessage(id: WorkspaceId, message: FirstMessage): void {
  const { [id]: _old, ...others } = store.getState();
  store.setState(message.text === '' ? others : { ...others, [id]: message }, true);
}

// A session that nothing was said in yet, perhaps from a try that failed; otherwise a new one. In the fork of a session
// that one goes on, whatever was said before.
async function emptySession(id: WorkspaceId): Promise<SessionId> {
  const empty = Object.values(stateStore.getState().sessions).find(
    (session) => session.workspaceId === id && (session.lastSeq === 0 || session.parent?.kind === 'fork'),
  );
  return empty?.id ?? (await call('session.create', { workspaceId: id })).session.id;
}

/** Says the workspace's queued message in a session of its own; the message is kept where that fails. */
async function sendFirst(id: WorkspaceId): Promise<void> {
  const message = store.getState()[id];
  if (!message?.isQueued) return;
  setFirstMessage(id, { ...message, isQueued: false });
  try {
    await call('session.prompt', { sessionId: await emptySession(id), text: message.text });
    setFirstMessage(id, NONE);
  } catch (error) {
    showError('Your first message was not sent; it is kept', error);
  }
}

/** Sends queued messages as their workspaces become ready. Once, at the top of the page. */
export function useFirstMessages(): void {
  const messages = useStore(store);
  const ready = useServerState((state) =>
    Object.keys(messages).filter((id) => messages[id]?.isQueued && state.workspaces[id]?.state === 'ready'),
  );
  useEffect(() => {
    for (const id of ready) {
      // Every open tab sees the workspace become ready; the lock lets one of them send.
      const send = () => sendFirst(id as WorkspaceId);
      void (navigator.locks ? navigator.locks.request(`farhand.first-message.${id}`, send) : send());
    }
  }, [ready]);
}

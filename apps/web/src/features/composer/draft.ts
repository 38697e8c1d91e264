/** The part of localStorage that is used; may throw when storage is full or switched off. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** As much as one message may hold: the limit of `session.prompt`. */
export const MESSAGE_LIMIT = 256 * 1024;

const key = (sessionId: string) => `farhand.draft.${sessionId}`;

/** What was typed for a session and not sent; empty when there is none or storage cannot be read. */
export function readDraft(store: KeyValueStore, sessionId: string): string {
  try {
    return (store.getItem(key(sessionId)) ?? '').slice(0, MESSAGE_LIMIT);
  } catch {
    return '';
  }
}

// Before the server kept the queue, a browser kept one message for each session under this name.
const queuedKey = (sessionId: string) => `farhand.queued.${sessionId}`;

/** A draft with what an older page had queued and not sent before it; that is then forgotten. */
export function takeQueuedDraft(store: KeyValueStore, sessionId: string): string {
  const draft = readDraft(store, sessionId);
  try {
    const stored: unknown = JSON.parse(store.getItem(queuedKey(sessionId)) ?? 'null');
    const text = typeof stored === 'object' && stored !== null && 'text' in stored ? stored.text : null;
    if (typeof text !== 'string') return draft;
    const both = draft.trim() === '' ? text : `${text}\n\n${draft}`;
    writeDraft(store, sessionId, both);
    store.removeItem(queuedKey(sessionId));
    return both.slice(0, MESSAGE_LIMIT);
  } catch {
    return draft;
  }
}

/** Keeps a draft; an empty one is removed. A draft that cannot be stored stays on the page only. */
export function writeDraft(store: KeyValueStore, sessionId: string, text: string): void {
  try {
    if (text === '') store.removeItem(key(sessionId));
    else store.setItem(key(sessionId), text.slice(0, MESSAGE_LIMIT));
  } catch {
    // Storage is full or denied: losing a draft at reload is all that follows.
  }
}

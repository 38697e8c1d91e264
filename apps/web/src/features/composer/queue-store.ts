import type { SessionId } from '@farhand/shared/model/ids';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { stateStore } from '@/client/state-store.ts';
import { advanceQueue, type Queue } from './queue.ts';
import { queuedSession, queuedSessions, readQueued, type StoredQueue, writeQueued } from './stored-queue.ts';

interface Entry extends StoredQueue {
  readonly error: ApiError | null;
  /** False where storage refused it: then this page alone knows of it. */
  readonly isStored: boolean;
}

type Entries = Readonly<Record<SessionId, Entry | undefined>>;

/** Messages that wait for the end of a turn, of all pages of this browser. They are sent also while their pane is out of sight. */
const queues = createStore<{ readonly entries: Entries }>(() => ({ entries: {} }));

/** The queued message of a session, with what went wrong when it was sent; undefined when none is queued. */
export function useQueued(sessionId: SessionId): Entry | undefined {
  return useStore(queues, (state) => state.entries[sessionId]);
}

/** Queues a message for a session, or with null takes it back. */
export function setQueued(sessionId: SessionId, queue: Queue, model: string | null = null): void {
  put(sessionId, queue && { queue, model });
  if (queue) advanceAll();
}

/** Sends a held message after all. */
export function releaseQueued(sessionId: SessionId): void {
  const state = queues.getState().entries[sessionId]?.queue.state;
  if (state) void send(sessionId, state);
}

function put(sessionId: SessionId, kept: StoredQueue | null, error: ApiError | null = null): void {
  const isStored = writeQueued(localStorage, sessionId, kept);
  show(sessionId, kept && { ...kept, error, isStored });
}

function show(sessionId: SessionId, entry: Entry | null): void {
  queues.setState(({ entries }) => ({ entries: { ...entries, [sessionId]: entry ?? undefined } }));
}

// One page at a time sends, or finds out what became of a sending.
async function alone(sessionId: SessionId, act: () => Promise<void> | void): Promise<void> {
  await (navigator.locks ? navigator.locks.request(`farhand.queued.${sessionId}`, act) : act());
}

function send(sessionId: SessionId, from: StoredQueue['queue']['state']): Promise<void> {
  return alone(sessionId, async () => {
    const entry = latest(sessionId);
    // Another page sent it, or a person took it back, while this one waited for its turn.
    if (entry?.queue.state !== from) return show(sessionId, entry);
    const { model, queue } = entry;
    put(sessionId, { model, queue: { ...queue, state: 'sending' } });
    try {
      await call('session.prompt', { sessionId, text: queue.text, model });
      put(sessionId, null);
    } catch (thrown) {
      const error = ApiError.from(thrown);
      // Another page was faster: the message waits for the end of that turn.
      const isBusy = error.code === 'session.busy';
      put(
        sessionId,
        { model, queue: { ...queue, state: isBusy ? 'waiting' : 'held' } },
        isBusy ? null : error,
      );
    }
  });
}

// What storage says now: its events come later than what other pages did.
function latest(sessionId: SessionId): Entry | null {
  const known = queues.getState().entries[sessionId] ?? null;
  if (known && !known.isStored) return known;
  const kept = readQueued(localStorage, sessionId);
  return kept && { ...kept, error: null, isStored: true };
}

// A page that was closed while it sent left no word whether the message arrived. The person sees that, and decides.
function settle(sessionId: SessionId): Promise<void> {
  return alone(sessionId, () => {
    const entry = latest(sessionId);
    if (entry?.queue.state === 'sending')
      put(sessionId, { model: entry.model, queue: { ...entry.queue, state: 'unsure' } });
    else show(sessionId, entry);
  });
}

function load(sessionId: SessionId): void {
  const entry = latest(sessionId);
  show(sessionId, entry);
  if (entry?.queue.state === 'sending') void settle(sessionId);
}

function advanceAll(): void {
  const { sessions, isLoaded } = stateStore.getState();
  for (const [id, entry] of Object.entries(queues.getState().entries)) {
    const session = sessions[id];
    if (entry && !session && isLoaded) put(id as SessionId, null);
    if (!entry || !session) continue;
    const next = advanceQueue(entry.queue, session.state);
    if (!next || next === entry.queue) continue;
    if (next.state === 'sending') void send(session.id, entry.queue.state);
    else put(session.id, { queue: next, model: entry.model });
  }
}

/** Takes up what was queued before a reload, and follows sessions and other pages; called once, when the page starts. */
export function startQueuedMessages(): void {
  stateStore.subscribe((state, before) => {
    if (state.sessions !== before.sessions || state.isLoaded !== before.isLoaded) advanceAll();
  });
  window.addEventListener('storage', ({ key }) => {
    const sessionId = queuedSession(key);
    if (!sessionId) return;
    load(sessionId);
    advanceAll();
  });
  for (const sessionId of queuedSessions(localStorage)) load(sessionId);
  advanceAll();
}

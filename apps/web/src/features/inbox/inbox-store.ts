import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { createPreference } from '@/client/preferences.ts';
import { seenStore } from '@/client/seen-store.ts';
import { stateStore } from '@/client/state-store.ts';
import { type Known, type Need, needsYou } from './needs-you.ts';
import { parseSnoozed, type Snoozed, snoozeKey, withoutSnoozed } from './snooze.ts';

interface Inbox {
  /** What waits now, oldest first. */
  readonly needs: readonly Need[];
  /** What waits and is put off. */
  readonly snoozed: readonly Need[];
}

const snoozedPreference = createPreference<Snoozed>('snoozed', parseSnoozed);
const store = createStore<Inbox>(() => ({ needs: [], snoozed: [] }));

// Each event of an agent changes the state; only what changes the list should draw it.
const isSame = (a: readonly Need[], b: readonly Need[]) => JSON.stringify(a) === JSON.stringify(b);

let timer: ReturnType<typeof setTimeout> | undefined;
let isPlanned = false;

function compute(): void {
  isPlanned = false;
  const known: Known = { ...stateStore.getState(), seen: seenStore.getState() };
  const now = Date.now();
  const { shown, hidden, nextAt } = withoutSnoozed(needsYou(known), snoozedPreference.get(), now);
  clearTimeout(timer);
  if (nextAt !== null) timer = setTimeout(compute, nextAt - now + 1);
  const before = store.getState();
  if (!isSame(before.needs, shown) || !isSame(before.snoozed, hidden))
    store.setState({ needs: shown, snoozed: hidden });
}

function plan(): void {
  if (isPlanned) return;
  isPlanned = true;
  queueMicrotask(compute);
}

/** Keeps the list of what needs the person; called once, when the page starts. */
export function startInbox(): void {
  compute();
  stateStore.subscribe(plan);
  seenStore.subscribe(plan);
  snoozedPreference.watch(plan);
}

export const useInbox = (): Inbox => useStore(store);

/** All that waits for a person now, oldest first. */
export const useNeedsYou = (): readonly Need[] => useStore(store, (inbox) => inbox.needs);

/** The same for code outside React. */
export const inbox = (): Inbox => store.getState();

/** Calls `listener` with each change; until the returned function is called. */
export const watchInbox = (listener: (inbox: Inbox, before: Inbox) => void): (() => void) =>
  store.subscribe(listener);

/** Puts a need off until this time (ms since the epoch), in all browsers; the past brings it back. */
export function snooze(need: Need, until: number): void {
  const { [snoozeKey(need)]: _before, ...others } = snoozedPreference.get();
  snoozedPreference.set(parseSnoozed({ ...others, [snoozeKey(need)]: until }));
}

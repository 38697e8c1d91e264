import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

interface Broadcast {
  readonly isOpen: boolean;
  /** What the person chose by hand, by session; the others follow their state. */
  readonly chosen: Readonly<Record<string, boolean>>;
}

const store = createStore<Broadcast>(() => ({ isOpen: false, chosen: {} }));

/** One prompt to several sessions: whether its bar is open, and who gets it. */
export function useBroadcast<Part>(select: (state: Broadcast) => Part): Part {
  return useStore(store, select);
}

export const toggleBroadcast = (): void => store.setState(({ isOpen }) => ({ isOpen: !isOpen, chosen: {} }));
export const closeBroadcast = (): void => store.setState({ isOpen: false, chosen: {} });

/** Says by hand whether a session gets the prompt. */
export const choose = (sessionId: string, isChosen: boolean): void =>
  store.setState(({ chosen }) => ({ chosen: { ...chosen, [sessionId]: isChosen } }));

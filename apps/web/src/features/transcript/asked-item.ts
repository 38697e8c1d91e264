import type { ItemId, SessionId } from '@farhand/shared/model/ids';
import { type RefObject, useEffect } from 'react';
import type { VListHandle } from 'virtua';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Row } from './rows.ts';

const store = createStore<Readonly<Record<string, ItemId>>>(() => ({}));

/** Asks a session's transcript to go to an item, now or when it is shown next. */
export const askForItem = (sessionId: SessionId, itemId: ItemId): void =>
  store.setState({ [sessionId]: itemId });

/** Goes to the item that was asked for, once it has come; `onGo` is told before. */
export function useAskedItem(
  id: string,
  { list, rows, onGo }: { list: RefObject<VListHandle | null>; rows: readonly Row[]; onGo(): void },
): void {
  const asked = useStore(store, (items) => items[id]);
  const index = asked === undefined ? -1 : rows.findIndex((row) => row.key === asked);
  useEffect(() => {
    if (index === -1) return;
    const others = Object.entries(store.getState()).filter(([other]) => other !== id);
    store.setState(Object.fromEntries(others), true);
    onGo();
    // After the rows have their heights.
    requestAnimationFrame(() => list.current?.scrollToIndex(index, { align: 'center' }));
  }, [id, index, list, onGo]);
}

import type { Approval } from '@farhand/shared/model/approvals';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

type Decided = Readonly<Record<string, Approval | undefined>>;

// What a page decides in hours; older ones still have their answer in the transcript, only not who gave it.
const MOST_KEPT = 200;

const store = createStore<{ readonly decided: Decided }>(() => ({ decided: {} }));

/** Keeps how an approval was decided: the state of the server holds the open ones only. */
export function keepDecided(approval: Approval): void {
  store.setState(({ decided }) => ({
    decided: Object.fromEntries([...Object.entries(decided), [approval.id, approval]].slice(-MOST_KEPT)),
  }));
}

/** An approval that was decided while this page was open, by anybody whose answer it saw. */
export const useDecided = (id: string): Approval | undefined => useStore(store, (state) => state.decided[id]);

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** How the page stands with the server. `nextAt` is in milliseconds since the epoch. */
export type ServerConnection =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  | { readonly state: 'retrying'; readonly attempt: number; readonly nextAt: number }
  | { readonly state: 'signed_out' }
  | { readonly state: 'outdated' };

interface ConnectionState {
  readonly connection: ServerConnection;
  /** The last measured round trip to the server; null before the first. */
  readonly latencyMs: number | null;
  readonly serverVersion: string | null;
}

/** The one connection of this page, for code outside React. */
export const connectionStore = createStore<ConnectionState>(() => ({
  connection: { state: 'connecting' },
  latencyMs: null,
  serverVersion: null,
}));

/** A part of the connection's state; the component is drawn again when that part changes. */
export function useConnection<Part>(select: (state: ConnectionState) => Part): Part {
  return useStore(connectionStore, select);
}

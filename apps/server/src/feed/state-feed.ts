import type { Entity, EntityKind } from '@farhand/shared/protocol/frames';

/** What subscribers of the `state` topic get after their snapshot. */
export type StateChange =
  | { readonly type: 'changed'; readonly entity: Entity }
  | { readonly type: 'removed'; readonly kind: EntityKind; readonly id: string };

/** Tells everyone who watches that an entity changed; the domains publish after they have stored. */
export interface StateFeed {
  changed(entity: Entity): void;
  removed(kind: EntityKind, id: string): void;
  /** Calls back on every change, in order, until the returned function is called. */
  watch(listener: (change: StateChange) => void): () => void;
}

export function createStateFeed(): StateFeed {
  const listeners = new Set<(change: StateChange) => void>();
  const send = (change: StateChange) => {
    for (const listener of listeners) listener(change);
  };
  return {
    changed: (entity) => send({ type: 'changed', entity }),
    removed: (kind, id) => send({ type: 'removed', kind, id }),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Hosts of which there is no more than a name that somebody typed: shown while something uses them. */
import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { HostStore } from './host-store.ts';

export interface TypedHosts {
  isHidden(id: HostId): boolean;
  /** Not shown any more, until something uses it or its connection has something to ask or to tell. */
  hide(id: HostId): void;
  /** False where it was not hidden. */
  show(id: HostId): boolean;
  /** Its connection is in another state. */
  moved(id: HostId, state: ConnectionState['state']): void;
  /** What used it is over: one that was never reached is forgotten, with all that would still be done there. */
  release(id: HostId): void;
  /** Nothing is looked at any more. */
  close(): void;
}

interface TypedHostsDeps {
  readonly store: Pick<HostStore, 'isReached' | 'setReached'>;
  /** Has no record, is no alias, and nothing uses it now. */
  readonly isUnused: (id: HostId) => boolean;
  readonly runtimeOf: (id: HostId) => Runtime | undefined;
  /** What was asked of the host and could not be done yet. */
  readonly forgetTasks: (id: HostId) => void;
  readonly onHidden: (id: HostId) => void;
}

export function createTypedHosts(deps: TypedHostsDeps): TypedHosts {
  const { store, isUnused, runtimeOf, forgetTasks, onHidden } = deps;
  const hidden = new Set<HostId>();
  let isClosed = false;
  const hide = (id: HostId) => {
    hidden.add(id);
    onHidden(id);
  };
  const release = (id: HostId) => {
    if (isClosed) return;
    const runtime = runtimeOf(id);
    const state = runtime?.connection().state ?? 'idle';
    // One that is connecting is looked at again once that has failed, and one that refuses us has answered.
    if (!isUnused(id) || store.isReached(id) || (state !== 'retrying' && state !== 'idle')) return;
    forgetTasks(id);
    runtime?.letGo?.();
    hide(id);
  };
  return {
    isHidden: (id) => hidden.has(id),
    hide,
    show: (id) => hidden.delete(id),
    moved(id, state) {
      if (state === 'connected') store.setReached(id);
      const isToBeSeen = state === 'asking' || state === 'refused';
      if (hidden.has(id) && (isToBeSeen || !isUnused(id))) hidden.delete(id);
      // Not within the change itself, which is still being told to others.
      if (state === 'retrying' && isUnused(id)) setImmediate(() => release(id));
    },
    release,
    close: () => void (isClosed = true),
  };
}

import type { Host } from '@farhand/shared/model/hosts';
import type { Entity } from '@farhand/shared/protocol/frames';
import type { StateChange, StateFeed } from '../../feed/state-feed.ts';
import type { Domains } from '../domains.ts';
import type { Outbox } from './outbox.ts';

export interface StateSource {
  readonly feed: StateFeed;
  /** Loads what takes a while; then the function gives all entities as they are when it is called. */
  load(): Promise<() => Entity[]>;
}

type Listed = Pick<
  Domains,
  | 'hosts'
  | 'projects'
  | 'workspaces'
  | 'sessions'
  | 'terminals'
  | 'approvals'
  | 'queue'
  | 'comparisons'
  | 'dryRuns'
>;

/** Every entity of the domains. */
export function createStateSource(feed: StateFeed, domains: Listed): StateSource {
  return {
    feed,
    async load() {
      const hosts = await domains.hosts.list();
      return () => entitiesNow(domains, hosts);
    },
  };
}

// Nothing here waits: all of it is of one moment. Hosts are looked at again, for their list took a while.
function entitiesNow(
  { hosts, projects, workspaces, sessions, terminals, approvals, queue, comparisons, dryRuns }: Listed,
  listed: readonly Host[],
): Entity[] {
  return [
    ...listed.map(({ id }) => ({ kind: 'host' as const, value: hosts.get(id) })),
    ...projects.list().map((value) => ({ kind: 'project' as const, value })),
    ...workspaces.list().map((value) => ({ kind: 'workspace' as const, value })),
    ...sessions.list().map((value) => ({ kind: 'session' as const, value })),
    ...terminals.list().map((value) => ({ kind: 'terminal' as const, value })),
    ...approvals.open().map((value) => ({ kind: 'approval' as const, value })),
    ...comparisons.list().map((value) => ({ kind: 'comparison' as const, value })),
    ...dryRuns.list().map((value) => ({ kind: 'dry_run' as const, value })),
    ...queue.list().map((value) => ({ kind: 'queued_message' as const, value })),
    ...sessions.controls().map((value) => ({ kind: 'controls' as const, value })),
  ];
}

/**
 * Sends a snapshot, then what changes. Changes that wait for room are kept one per entity, the newest: a browser that
 * does not read costs no more than another snapshot. Ends when the returned function is called.
 */
export async function subscribeState(sub: number, source: StateSource, outbox: Outbox): Promise<() => void> {
  const pending = new Map<string, StateChange>();
  let isReady = false;
  let isFlushing = false;

  const flush = async () => {
    isFlushing = true;
    // Several changes of one entity in the same moment are one frame.
    await new Promise(setImmediate);
    while (pending.size > 0) {
      for (const [key, change] of pending) {
        if (outbox.isCongested) break;
        pending.delete(key);
        outbox.send(change.type === 'changed' ? { ...change, sub } : { ...change, sub });
      }
      if (pending.size > 0) await outbox.drained();
      if (outbox.isClosed) pending.clear();
    }
    isFlushing = false;
  };

  const unwatch = source.feed.watch((change) => {
    if (!isReady) return;
    pending.set(keyOf(change), change);
    if (!isFlushing) void flush();
  });
  try {
    const entitiesNow = await source.load();
    outbox.send({ type: 'snapshot', sub, entities: entitiesNow() });
    isReady = true;
  } catch (thrown) {
    unwatch();
    throw thrown;
  }
  return () => {
    unwatch();
    pending.clear();
  };
}

const keyOf = (change: StateChange) =>
  change.type === 'changed'
    ? `${change.entity.kind} ${change.entity.value.id}`
    : `${change.kind} ${change.id}`;

import { setImmediate as turn } from 'node:timers/promises';
import { limitText } from '../../sandbox/profiles/sizes.ts';
import type { AuditEntry } from '../audit.ts';
import type { OutputStore } from '../outputs/output-store.ts';
import { lastUse, REMOVED_UP_TO, removedUpTo } from '../outputs/removed-outputs.ts';
import type { AuditDatabase } from '../store/audit-database.ts';

interface OutputLimitDeps {
  readonly outputs: OutputStore;
  readonly database: () => AuditDatabase;
  readonly record: (entry: AuditEntry) => number;
  /** From then on the log is not opened again. */
  readonly isClosed: () => boolean;
  /** Called after each output that is new: it may be one too many. */
  readonly onKept: () => void;
}

/** Keeps what the kept outputs take on the disk within a limit. */
export interface OutputLimit {
  /**
   * Removes the oldest ones where all take more than so much: those whose newest event is the oldest. An event that tells
   * of it comes first. The first call counts all, and removes what no event has.
   */
  hold(maxBytes: number): Promise<void>;
  /** True where `hold` has something to do. */
  isNeeded(maxBytes: number): boolean;
}

const EVENTS_AT_ONCE = 100;
/** So much stays, so that not every new output removes an old one. */
const REST_SHARE = 0.9;

export function createOutputLimit(deps: OutputLimitDeps): OutputLimit {
  const { outputs, database, record, isClosed } = deps;
  const openedAtMs = Date.now();
  let totalBytes = 0;
  /** Until all were counted: those that are in `totalBytes` already. */
  let countedNew: Set<string> | null = new Set();
  /** Events up to here have no output left that no later one has. */
  let doneUpTo = 0;

  async function count(): Promise<void> {
    let oldBytes = 0;
    for await (const { hash, diskBytes, keptAtMs } of outputs.files()) {
      if (isClosed()) return;
      const isLeft = keptAtMs < openedAtMs && lastUse(database(), hash) === null;
      if (isLeft) outputs.remove(hash);
      else if (!countedNew?.has(hash)) oldBytes += diskBytes;
    }
    totalBytes += oldBytes;
    countedNew = null;
  }

  /** Those with an output, a few at a time; `look` says false where it has seen enough. */
  async function eachWithOutput(look: (seq: number, hash: string) => boolean): Promise<void> {
    const sql = `SELECT seq, output FROM events WHERE output IS NOT NULL AND seq > ? ORDER BY seq LIMIT ${EVENTS_AT_ONCE}`;
    let after = doneUpTo;
    while (!isClosed()) {
      const rows = database().prepare(sql).raw().all(after) as [number, string][];
      if (!rows.every(([seq, hash]) => look(seq, hash)) || rows.length < EVENTS_AT_ONCE) return;
      after = rows.at(-1)?.[0] ?? after;
      await turn();
    }
  }

  async function findOldest(wantedBytes: number): Promise<Oldest> {
    let [upTo, count, bytes] = [0, 0, 0];
    await eachWithOutput((seq, hash) => {
      const size = lastUse(database(), hash) === seq ? outputs.sizeOf(hash) : null;
      if (size !== null) {
        upTo = seq;
        count += 1;
        bytes += size;
      }
      return bytes < wantedBytes;
    });
    return { upTo, count, bytes };
  }

  async function removeUpTo(upTo: number): Promise<void> {
    await eachWithOutput((seq, hash) => {
      if (seq > upTo) return false;
      // What came again meanwhile stays.
      const isOld = (lastUse(database(), hash) ?? 0) <= upTo;
      if (isOld) outputs.remove(hash);
      return true;
    });
    if (!isClosed()) doneUpTo = upTo;
  }

  outputs.onChange((hash, bytes) => {
    // Removed before it was counted.
    if (bytes < 0 && countedNew && !countedNew.delete(hash)) return;
    totalBytes += bytes;
    if (bytes < 0) return;
    countedNew?.add(hash);
    deps.onKept();
  });
  return {
    isNeeded: (maxBytes) => countedNew !== null || totalBytes > maxBytes,
    async hold(maxBytes) {
      if (countedNew) await count();
      if (countedNew || totalBytes <= maxBytes) return;
      const oldest = await findOldest(totalBytes - maxBytes * REST_SHARE);
      if (oldest.count === 0 || isClosed()) return;
      // Never back: what an earlier one removed stays removed.
      const upTo = Math.max(oldest.upTo, removedUpTo(database()));
      record(entryOf({ ...oldest, upTo }, maxBytes));
      await removeUpTo(upTo);
    },
  };
}

interface Oldest {
  readonly upTo: number;
  readonly count: number;
  readonly bytes: number;
}

function entryOf({ upTo, count, bytes }: Oldest, maxOutputBytes: number): AuditEntry {
  return {
    kind: 'cut',
    actor: { kind: 'server', name: null },
    hostId: null,
    workspaceId: null,
    sessionId: null,
    summary: `Removed ${count} kept outputs of events up to ${upTo}: all may take ${limitText(maxOutputBytes)}`,
    facts: { [REMOVED_UP_TO]: upTo, outputs: count, freedBytes: bytes, maxOutputBytes },
    output: null,
  };
}

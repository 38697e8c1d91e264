import type { CheckpointRow } from './checkpoint-store.ts';
import type { Moment } from './host/moment.ts';

/** What lies between an agent's turns, from one moment on: what others did. */
export interface Between {
  /** Trees of files that should be the same where nobody else changed them. */
  readonly pairs: readonly (readonly [string, string])[];
  /** True where somebody else committed or changed the branch. */
  readonly isMoved: boolean;
  /** False where a moment is missing, so that nobody knows. */
  readonly isKnown: boolean;
}

/**
 * From the row at `from` on until now. What a turn did lies between its begin and its end, what a rewind did likewise;
 * the rest is what others did: a person, another session's agent, or a command that runs on.
 */
export function betweenTurns(rows: readonly CheckpointRow[], from: number, now: Moment): Between {
  // A rewind of the conversation alone did nothing to files.
  const spans = rows.slice(from).filter((row) => row.kind === 'turn' || row.moment !== null);
  const pairs: [Moment, Moment][] = [];
  let isKnown = true;
  spans.forEach((row, index) => {
    const next = spans[index + 1];
    const then = next ? next.moment : now;
    if (row.ended && then) pairs.push([row.ended, then]);
    else isKnown = false;
  });
  return {
    pairs: pairs.filter(([a, b]) => a.files !== b.files).map(([a, b]) => [a.files, b.files]),
    isMoved: pairs.some(([a, b]) => a.head !== b.head || a.branch !== b.branch),
    isKnown,
  };
}

import { constants } from 'node:os';
import type { ExecOutcome } from '@farhand/shared/runtime/port';

const FIRST_SIGNAL_STATUS = 128;

const SIGNAL_NAMES: ReadonlyMap<number, string> = new Map(
  // The first name of a number is the usual one: SIGABRT before SIGIOT.
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);

/** What a shell's `$?` means (RT2): above 128 the signal of that number, where there is one. */
export function outcomeOf(status: number): ExecOutcome {
  const signal = status > FIRST_SIGNAL_STATUS ? SIGNAL_NAMES.get(status - FIRST_SIGNAL_STATUS) : undefined;
  return signal === undefined ? { kind: 'exited', code: status } : { kind: 'signaled', signal };
}

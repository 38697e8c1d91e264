import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';
import type { JobId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { TaskEnd } from '../../host-tasks/host-tasks.ts';
import { untilInterrupted } from './interrupted.ts';

/** Faults of the host itself: no later try mends them without a person, and the model should hear of them. */
const LASTING: readonly ErrorCode[] = [
  'host.invalid_name',
  'host.git_missing',
  'host.home_unwritable',
  'host.shell_unusable',
  'host.ssh_missing',
  'host.config_invalid',
];
/** Where the runtime does not say when it is back, look again after this; doubled up to the longest. */
const FIRST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 30_000;

/** True where the host is only out of reach: what runs there runs on. */
export function isOutOfReach(thrown: unknown): boolean {
  return FarhandError.is(thrown) && thrown.code.startsWith('host.') && !LASTING.includes(thrown.code);
}

interface SteadyHostOptions {
  readonly runtime: Runtime;
  /** See `AgentTurn.place`. */
  readonly stopJob: (jobId: JobId) => Promise<TaskEnd>;
  readonly signal: AbortSignal;
  /** True from the first work that waits for the host until none does. */
  readonly onContactLost: (isLost: boolean) => void;
}

/** The host as a turn sees it: what fails because the host is out of reach waits and is done when it is back. */
export class SteadyHost {
  readonly runtime: Runtime;
  /** Not as `do`: a stop counts from when it is asked, and is kept for a host that is away. */
  readonly stopJob: (jobId: JobId) => Promise<TaskEnd>;
  readonly signal: AbortSignal;
  readonly #onContactLost: (isLost: boolean) => void;
  #waiting = 0;

  constructor({ runtime, stopJob, signal, onContactLost }: SteadyHostOptions) {
    this.runtime = runtime;
    this.stopJob = stopJob;
    this.signal = signal;
    this.#onContactLost = onContactLost;
  }

  /** Does `work`, which must be such that doing it twice is the same as once. Throws `Interrupted`. */
  async do<Value>(work: (runtime: Runtime) => Promise<Value>): Promise<Value> {
    let isWaiting = false;
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await untilInterrupted(this.signal, () => work(this.runtime));
        } catch (thrown) {
          if (!isOutOfReach(thrown)) throw thrown;
        }
        if (!isWaiting) this.#count(1);
        isWaiting = true;
        await this.#nextChance(attempt);
      }
    } finally {
      if (isWaiting) this.#count(-1);
    }
  }

  #count(change: 1 | -1): void {
    const before = this.#waiting;
    this.#waiting += change;
    if (before === 0 || this.#waiting === 0) this.#onContactLost(this.#waiting > 0);
  }

  async #nextChance(attempt: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let unwatch = () => {};
    const afterMs = Math.min(FIRST_LOOK_MS * 2 ** attempt, LONGEST_LOOK_MS);
    try {
      await untilInterrupted(
        this.signal,
        () =>
          new Promise<void>((resolve) => {
            timer = setTimeout(resolve, afterMs);
            unwatch = this.runtime.watchConnection(({ state }) => state === 'connected' && resolve());
          }),
      );
    } finally {
      clearTimeout(timer);
      unwatch();
    }
  }
}

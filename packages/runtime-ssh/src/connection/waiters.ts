import type { FarhandError } from '@farhand/shared/errors/farhand-error';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** While true the time is not counted as up: it begins anew. */
  readonly isHeld?: () => boolean;
  /** What a wait that took too long is rejected with. */
  readonly reason: () => FarhandError;
}

/** Calls that wait for the same thing and are woken together. */
export class Waiters {
  readonly #waiting = new Set<(error: FarhandError | null) => void>();

  wait({ timeoutMs, isHeld, reason }: WaitOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout;
      const settle = (error: FarhandError | null) => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        if (error === null) resolve();
        else reject(error);
      };
      const count = () => {
        timer = setTimeout(() => (isHeld?.() ? count() : settle(reason())), timeoutMs);
      };
      count();
      this.#waiting.add(settle);
    });
  }

  /** Lets all go on, or rejects all. */
  wake(error: FarhandError | null): void {
    for (const settle of this.#waiting) settle(error);
  }
}

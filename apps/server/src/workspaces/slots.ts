/** Runs tasks of one key at most so many at a time; other keys are not held up. */
export interface Slots {
  /** Rejects with the signal's reason where it is aborted before the task's turn comes. */
  run<Result>(key: string, task: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

export function createSlots(limit: number): Slots {
  const used = new Map<string, number>();
  const waiting = new Set<{ readonly key: string; readonly go: () => void }>();

  function leave(key: string): void {
    for (const next of waiting) {
      if (next.key !== key) continue;
      // It takes over the slot as it is.
      waiting.delete(next);
      return next.go();
    }
    const left = (used.get(key) ?? 1) - 1;
    if (left === 0) used.delete(key);
    else used.set(key, left);
  }

  async function enter(key: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const taken = used.get(key) ?? 0;
    if (taken < limit) return void used.set(key, taken + 1);
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        if (waiting.delete(place)) reject(signal.reason);
      };
      const go = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const place = { key, go };
      waiting.add(place);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  return {
    async run(key, task, signal) {
      await enter(key, signal);
      try {
        return await task();
      } finally {
        leave(key);
      }
    },
  };
}

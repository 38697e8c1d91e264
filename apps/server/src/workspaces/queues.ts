/** Runs tasks of one key one after the other; other keys are not held up. */
export interface Queues {
  /** Rejects with the signal's reason where it is aborted before the task's turn comes. */
  run<Result>(key: string, task: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

export function createQueues(): Queues {
  const tails = new Map<string, Promise<unknown>>();
  return {
    async run(key, task, signal) {
      const before = tails.get(key) ?? Promise.resolve();
      const turn = before.then(() => {
        signal?.throwIfAborted();
        return task();
      });
      const tail = turn.catch(() => {});
      tails.set(key, tail);
      try {
        return await turn;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
  };
}

import type { RunId } from '@farhand/shared/model/ids';
import type { Run } from '@farhand/shared/model/runs';

/** Who waits for news of runs in this process. */
export interface RunWatchers {
  /** There is more of it. */
  tell(id: RunId): void;
  /** Its state has changed. */
  tellAll(run: Run): void;
  watchAll(listener: (run: Run) => void): () => void;
  /** Resolves once `isNews` is true at a change, after `waitMs`, or when a signal is aborted. */
  until(
    id: RunId,
    isNews: () => boolean,
    how: { waitMs: number; signal: AbortSignal | undefined; closing: AbortSignal },
  ): Promise<void>;
}

export function createRunWatchers(): RunWatchers {
  const all = new Set<(run: Run) => void>();
  const waiting = new Map<RunId, Set<() => void>>();
  const tell = (id: RunId) => {
    for (const look of waiting.get(id) ?? []) look();
  };
  return {
    tell,
    tellAll(run) {
      tell(run.id);
      for (const listener of all) listener(run);
    },
    watchAll(listener) {
      all.add(listener);
      return () => all.delete(listener);
    },
    async until(id, isNews, { waitMs, signal, closing }) {
      if (waitMs === 0 || isNews()) return;
      const either = signal ? AbortSignal.any([signal, closing]) : closing;
      if (either.aborted) return;
      const looks = waiting.get(id) ?? new Set();
      waiting.set(id, looks);
      let leave = () => {};
      await new Promise<void>((resolve) => {
        const done = () => resolve();
        const look = () => isNews() && resolve();
        const timer = setTimeout(done, waitMs);
        looks.add(look);
        either.addEventListener('abort', done, { once: true });
        leave = () => {
          clearTimeout(timer);
          looks.delete(look);
          either.removeEventListener('abort', done);
        };
      });
      leave();
      if (looks.size === 0 && waiting.get(id) === looks) waiting.delete(id);
    },
  };
}

import type { Tally } from './tally.ts';

/** Workers that run side by side; one that fails is a problem of the run and gives `instead`. */
export function createWorkers(tally: Tally) {
  return {
    begin: <Value>(name: string, worker: Promise<Value>, instead: Value): Promise<Value> =>
      worker.catch((error: unknown) => {
        tally.problem('lost', name, error instanceof Error ? error.message : String(error));
        return instead;
      }),
  };
}

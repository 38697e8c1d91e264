import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about commands on hosts. */
export function runCalls({ runs }: Domains): CallsOf<'run'> {
  return {
    'run.start': async (input, caller) => ({ run: await runs.start(input, actorOf(caller)) }),
    'run.get': ({ runId, waitMs, after }, { signal }) => runs.get(runId, waitMs, signal, after),
    'run.list': ({ limit }) => ({ runs: runs.list(limit) }),
    'run.cancel': ({ runId }) => done(runs.cancel(runId)),
  };
}

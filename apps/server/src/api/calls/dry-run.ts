import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about dry runs. */
export function dryRunCalls({ dryRuns }: Domains): CallsOf<'dry_run'> {
  return {
    'dry_run.get': ({ sessionId }) => ({ dryRun: dryRuns.get(sessionId) }),
    'dry_run.set': ({ sessionId, isOn }, caller) => ({
      dryRun: dryRuns.set(sessionId, isOn, actorOf(caller)),
    }),
    'dry_run.diff': ({ proposalId }) => dryRuns.diff(proposalId),
    'dry_run.apply': ({ sessionId, proposalIds }, caller) =>
      done(dryRuns.apply(sessionId, proposalIds, actorOf(caller))),
    'dry_run.discard': ({ sessionId, proposalIds }) => done(dryRuns.discard(sessionId, proposalIds)),
  };
}

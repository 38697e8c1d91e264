import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf } from './table.ts';

/** Calls about checkpoints. */
export function checkpointCalls({ checkpoints }: Domains): CallsOf<'checkpoint'> {
  return {
    'checkpoint.list': ({ sessionId }) => ({ checkpoints: checkpoints.list(sessionId) }),
    'checkpoint.preview': async ({ sessionId, to }) => ({
      preview: await checkpoints.preview(sessionId, to),
    }),
    'checkpoint.diff': (input) => checkpoints.diff(input),
    'checkpoint.rewind': (input, caller) => checkpoints.rewind(input, actorOf(caller)),
  };
}

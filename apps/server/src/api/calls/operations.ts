import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf } from './table.ts';

/** Calls about named operations. */
export function operationCalls({ operations }: Domains): CallsOf<'operation'> {
  return {
    'operation.list': () => operations.list(),
    'operation.run': async (input, caller) => ({ run: await operations.run(input, actorOf(caller)) }),
  };
}

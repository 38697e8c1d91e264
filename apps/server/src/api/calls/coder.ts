import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about Coder's workspaces. */
export function coderCalls({ coder }: Domains): CallsOf<'coder'> {
  return {
    'coder.list': () => coder.list(),
    'coder.start': ({ name }, caller) => done(coder.start(name, actorOf(caller))),
    'coder.stop': ({ name, force }, caller) => done(coder.stop(name, { force, by: actorOf(caller) })),
    'coder.connect': ({ url, token }, caller) => done(coder.connect(url, token, actorOf(caller))),
    'coder.disconnect': (_none, caller) => done(coder.disconnect(actorOf(caller))),
  };
}

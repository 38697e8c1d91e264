import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about messages for later. */
export function queueCalls({ queue }: Domains): CallsOf<'queue'> {
  return {
    'queue.add': (input) => ({ message: queue.add(input) }),
    'queue.edit': (input) => ({ message: queue.edit(input) }),
    'queue.remove': ({ messageId }) => done(queue.remove(messageId)),
    'queue.send_now': ({ messageId }) => done(queue.sendNow(messageId)),
  };
}

import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about what a person set up for the page, and its notifications. */
export function preferenceCalls({ preferences, push }: Domains): CallsOf<'preference' | 'push'> {
  return {
    'preference.list': () => ({ values: preferences.all() }),
    'preference.set': ({ name, value }) => done(preferences.set(name, value)),
    'push.key': async () => ({ key: await push.key() }),
    'push.subscribe': (subscription) => done(push.subscribe(subscription)),
    'push.unsubscribe': ({ endpoint }) => done(push.unsubscribe(endpoint)),
  };
}

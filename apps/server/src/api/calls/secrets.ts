import type { Domains } from '../domains.ts';
import { actorOf, type CallsOf, done } from './table.ts';

/** Calls about secrets. */
export function secretCalls({ secrets, secretKeys }: Domains): CallsOf<'secret'> {
  return {
    'secret.list': ({ scope }) => ({ secrets: secrets.list(scope) }),
    'secret.set': ({ scope, name, value, encoding, kinds, form }, caller) => {
      const bytes = Buffer.from(value, encoding === 'base64' ? 'base64' : 'utf8');
      return done(secrets.set(scope, name, bytes, { kinds, form, by: actorOf(caller) }));
    },
    'secret.set_kinds': ({ scope, name, kinds }, caller) =>
      done(secrets.setKinds(scope, name, kinds, actorOf(caller))),
    'secret.remove': ({ scope, name }, caller) => done(secrets.remove(scope, name, actorOf(caller))),
    'secret.import': ({ scope, secrets: given, kinds }, caller) =>
      secrets.addAll(scope, given, { kinds, by: actorOf(caller) }),
    'secret.key': () => ({ source: secretKeys.source() }),
    'secret.rekey': ({ key }, caller) => secretKeys.change(key ?? null, actorOf(caller)),
  };
}

import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about models. */
export function modelCalls({ models }: Domains): CallsOf<'model'> {
  return {
    'model.list': () => models.list(),
    'model.set': (input) => ({ provider: models.set(input) }),
    'model.remove': ({ id }) => done(models.remove(id)),
    'model.set_default': ({ model }) => done(models.setDefault(model)),
  };
}

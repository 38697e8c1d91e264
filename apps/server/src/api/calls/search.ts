import type { Domains } from '../domains.ts';
import type { CallsOf } from './table.ts';

/** Calls that search. */
export function searchCalls({ search }: Domains): CallsOf<'search'> {
  return {
    'search.query': ({ text, limit }) => ({ hits: search.query(text, limit) }),
  };
}

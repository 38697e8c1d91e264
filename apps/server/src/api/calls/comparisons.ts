import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about comparisons. */
export function comparisonCalls({ comparisons }: Domains): CallsOf<'comparison'> {
  return {
    'comparison.start': (input) => ({ comparison: comparisons.start(input) }),
    'comparison.test': (input) => done(comparisons.test(input)),
    'comparison.keep': (input) => ({ comparison: comparisons.keep(input) }),
    'comparison.take_files': (input) => done(comparisons.takeFiles(input)),
    'comparison.discard': ({ comparisonId, variantId }) => ({
      comparison: comparisons.discard(comparisonId, variantId),
    }),
    'comparison.remove': ({ comparisonId }) => done(comparisons.remove(comparisonId)),
  };
}

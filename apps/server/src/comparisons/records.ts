import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type Comparison, comparison } from '@farhand/shared/model/comparisons';
import type { ComparisonId } from '@farhand/shared/model/ids';
import type { StateFeed } from '../feed/state-feed.ts';
import type { ComparisonStore, StoredComparison, StoredVariant } from './stored-comparison.ts';

/** Where a variant is. */
export interface VariantPlace {
  readonly comparisonId: ComparisonId;
  readonly variantId: string;
}

/** The comparisons as stored; every change is stored first, then published. */
export interface ComparisonRecords {
  all(): StoredComparison[];
  /** Throws `comparison.not_found`. */
  get(id: ComparisonId): StoredComparison;
  /** Throws `comparison.not_found`, `comparison.variant_not_found`. */
  variant(place: VariantPlace): StoredVariant;
  find(place: VariantPlace): StoredVariant | undefined;
  /** The variant that a workspace or a session belongs to. */
  placeOf(workspaceOrSession: string): VariantPlace | undefined;
  /** Publishes one that was put into the store. */
  load(value: StoredComparison): void;
  change(id: ComparisonId, patch: Partial<Omit<StoredComparison, 'id' | 'variants'>>): void;
  /** Does nothing for one that is gone. */
  changeVariant(place: VariantPlace, patch: Partial<Omit<StoredVariant, 'id'>>): void;
  remove(id: ComparisonId): void;
}

export function createComparisonRecords(store: ComparisonStore, feed: StateFeed): ComparisonRecords {
  const known = new Map(store.all().map((value) => [value.id, value]));
  const places = new Map<string, VariantPlace>();
  const index = ({ id, variants }: StoredComparison) => {
    for (const { id: variantId, workspaceId, sessionId } of variants)
      for (const key of [workspaceId, sessionId])
        if (key !== null) places.set(key, { comparisonId: id, variantId });
  };
  for (const value of known.values()) index(value);

  const get = (id: ComparisonId): StoredComparison => {
    const found = known.get(id);
    if (!found) throw new FarhandError('comparison.not_found', { details: { comparisonId: id } });
    return found;
  };
  const find = ({ comparisonId, variantId }: VariantPlace) =>
    known.get(comparisonId)?.variants.find(({ id }) => id === variantId);
  const put = (value: StoredComparison) => {
    store.put(value);
    known.set(value.id, value);
    index(value);
  };
  const publish = (id: ComparisonId) => feed.changed({ kind: 'comparison', value: toComparison(get(id)) });

  return {
    all: () => [...known.values()],
    get,
    find,
    variant(place) {
      get(place.comparisonId);
      const found = find(place);
      if (!found) throw new FarhandError('comparison.variant_not_found', { details: { ...place } });
      return found;
    },
    placeOf: (id) => places.get(id),
    load(value) {
      known.set(value.id, value);
      index(value);
      publish(value.id);
    },
    change(id, patch) {
      put({ ...get(id), ...patch });
      publish(id);
    },
    changeVariant(place, patch) {
      const before = known.get(place.comparisonId);
      if (!before) return;
      const variants = before.variants.map((one) =>
        one.id === place.variantId ? { ...one, ...patch } : one,
      );
      put({ ...before, variants });
      publish(place.comparisonId);
    },
    remove(id) {
      get(id);
      // Those of variants that were discarded, too.
      for (const [key, { comparisonId }] of places) if (comparisonId === id) places.delete(key);
      known.delete(id);
      store.remove(id);
      feed.removed('comparison', id);
    },
  };
}

/** What others see of it. */
export function toComparison(value: StoredComparison): Comparison {
  return comparison.parse(value);
}

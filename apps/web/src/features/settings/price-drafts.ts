import type { Price } from '@farhand/shared/model/spending';

/** A row of the table of prices as it is typed. */
export interface PriceDraft {
  readonly key: number;
  readonly pattern: string;
  readonly input: string;
  readonly cachedInput: string;
  readonly output: string;
  readonly context: string;
}

/** The fields of a row, by which what is wrong is named. */
export type PriceField = Exclude<keyof PriceDraft, 'key'>;

/** The table as it is typed, from what the server has. */
export const draftsOf = (prices: readonly Price[]): readonly PriceDraft[] =>
  prices.map((price, index) => ({
    key: index,
    pattern: price.pattern,
    input: String(price.input),
    cachedInput: String(price.cachedInput),
    output: String(price.output),
    context: price.context === undefined ? '' : String(price.context),
  }));

/** The rows with an empty one at the top: what is tried first is mostly what is new. */
export function withEmpty(drafts: readonly PriceDraft[]): readonly PriceDraft[] {
  const key = drafts.reduce((most, draft) => Math.max(most, draft.key), -1) + 1;
  return [{ key, pattern: '', input: '', cachedInput: '', output: '', context: '' }, ...drafts];
}

/** The rows with this one a place nearer to the top. */
export function raised(drafts: readonly PriceDraft[], key: number): readonly PriceDraft[] {
  const at = drafts.findIndex((draft) => draft.key === key);
  const [above, row] = [drafts[at - 1], drafts[at]];
  return above && row ? drafts.with(at - 1, row).with(at, above) : drafts;
}

/** What is wrong with a row, the first thing first; null for a good one. */
export function wrongField(draft: PriceDraft): PriceField | null {
  if (draft.pattern.trim() === '' || draft.pattern.trim().length > 200) return 'pattern';
  for (const field of ['input', 'cachedInput', 'output'] as const)
    if (dollars(draft[field]) === null) return field;
  const context = draft.context.trim();
  return context === '' || /^[1-9]\d{0,11}$/.test(context) ? null : 'context';
}

/** The prices of good rows, in their order; null where one is wrong. */
export function pricesOf(drafts: readonly PriceDraft[]): Price[] | null {
  if (drafts.some((draft) => wrongField(draft) !== null)) return null;
  return drafts.map((draft) => ({
    pattern: draft.pattern.trim(),
    input: dollars(draft.input) ?? 0,
    cachedInput: dollars(draft.cachedInput) ?? 0,
    output: dollars(draft.output) ?? 0,
    ...(draft.context.trim() !== '' && { context: Number(draft.context) }),
  }));
}

function dollars(text: string): number | null {
  const typed = text.trim().replace(',', '.');
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(typed) ? Number(typed) : null;
}

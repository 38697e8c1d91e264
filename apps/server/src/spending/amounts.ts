import type { TokenUsage } from '@farhand/shared/model/sessions';

/** Of one answer. A sum of more answers than anybody asks for stays a number that can be stored and read again. */
const MOST_TOKENS = 1e12;
const MOST_USD = 1e6;

/** What a provider counted, or an agent: foreign numbers, of which what is none counts nothing. */
export function boundedUsage({ input, output, cachedInput }: TokenUsage): TokenUsage {
  return {
    input: between(input, MOST_TOKENS),
    output: between(output, MOST_TOKENS),
    cachedInput: between(cachedInput, MOST_TOKENS),
  };
}

/** The same of a price. */
export function boundedUsd(usd: number): number {
  return between(usd, MOST_USD);
}

function between(value: number, most: number): number {
  return Number.isNaN(value) ? 0 : Math.min(Math.max(value, 0), most);
}

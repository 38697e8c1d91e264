import type { Price } from '@farhand/shared/model/spending';

/**
 * What the providers asked on 2026-11-21, in US dollars for a million tokens, with the context's size in tokens: the
 * first that matches counts. They change, and a person edits the list in the settings; a model in none of them has no
 * price. What is written to a provider's cache is counted as plain input.
 */
export const DEFAULT_PRICES: readonly Price[] = [
  row('*claude-opus-4-5*', [5, 0.5, 25], 200_000),
  row('*claude-opus-4*', [15, 1.5, 75], 200_000),
  row('*claude-sonnet-4*', [3, 0.3, 15], 200_000),
  row('*claude-haiku-4*', [1, 0.1, 5], 200_000),
  row('*claude-3-5-haiku*', [0.8, 0.08, 4], 200_000),
  row('*gpt-5*-nano*', [0.05, 0.005, 0.4], 400_000),
  row('*gpt-5*-mini*', [0.25, 0.025, 2], 400_000),
  row('*gpt-5-pro*', [15, 15, 120], 400_000),
  row('*gpt-5*', [1.25, 0.125, 10], 400_000),
  row('*gpt-4.1-nano*', [0.1, 0.025, 0.4], 1_047_576),
  row('*gpt-4.1-mini*', [0.4, 0.1, 1.6], 1_047_576),
  row('*gpt-4.1*', [2, 0.5, 8], 1_047_576),
  row('*gpt-4o-mini*', [0.15, 0.075, 0.6], 128_000),
  row('*gpt-4o*', [2.5, 1.25, 10], 128_000),
  row('*/o4-mini*', [1.1, 0.275, 4.4], 200_000),
  row('*/o3*', [2, 0.5, 8], 200_000),
  row('*gemini-3-pro*', [2, 0.2, 12], 1_048_576),
  row('*gemini-2.5-pro*', [1.25, 0.125, 10], 1_048_576),
  row('*gemini-2.5-flash-lite*', [0.1, 0.01, 0.4], 1_048_576),
  row('*gemini-2.5-flash*', [0.3, 0.03, 2.5], 1_048_576),
];

function row(
  pattern: string,
  [input, cachedInput, output]: [number, number, number],
  context: number,
): Price {
  return { pattern, input, cachedInput, output, context };
}

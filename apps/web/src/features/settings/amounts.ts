/** What was typed for a limit: null for an empty field, `wrong` for what is no amount. */
export type TypedAmount = number | null | 'wrong';

const TOKENS = /^(?<digits>\d+(?:[.,]\d+)?)\s*(?<unit>[kM]?)$/i;
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1000, m: 1_000_000 };
// More is no limit at all, and beyond it whole numbers are not exact.
const MOST_TOKENS = 1e15;
const MOST_USD = 1e9;

/** A number of tokens as typed: `250000`, `250k`, `1.5M`. Whole and above zero. */
export function readTokens(text: string): TypedAmount {
  const typed = text.trim();
  if (typed === '') return null;
  const { digits = '', unit = '' } = TOKENS.exec(typed)?.groups ?? {};
  const tokens = Math.round(Number(digits.replace(',', '.')) * (UNITS[unit.toLowerCase()] ?? 1));
  return digits !== '' && tokens >= 1 && tokens <= MOST_TOKENS ? tokens : 'wrong';
}

/** US dollars as typed: `5`, `$5`, `0,50`. Above zero. */
export function readUsd(text: string): TypedAmount {
  const typed = text.trim().replace(/^\$\s*/, '');
  if (typed === '') return null;
  if (!/^\d+(?:[.,]\d+)?$/.test(typed)) return 'wrong';
  const usd = Number(typed.replace(',', '.'));
  return usd > 0 && usd <= MOST_USD ? usd : 'wrong';
}

/** An amount as it stands in its field: `250k`, `1.5M`, `120`; empty for none. Reads back as the same number. */
export function tokensText(tokens: number | null): string {
  if (tokens === null) return '';
  if (tokens % 100_000 === 0 && tokens >= 1_000_000) return `${tokens / 1_000_000}M`;
  return tokens % 1000 === 0 ? `${tokens / 1000}k` : String(tokens);
}

/** The same for dollars. */
export const usdText = (usd: number | null): string => (usd === null ? '' : String(usd));

const GIB = 1024 ** 3;

/** A size in GiB as typed: `5`, `0.5`, `20 GiB`, in bytes. Empty is null. */
export function readGib(text: string, { leastBytes }: { readonly leastBytes: number }): TypedAmount {
  const typed = text.trim().replace(/\s*gi?b?$/i, '');
  if (typed === '') return null;
  if (!/^\d{1,6}(?:[.,]\d{1,3})?$/.test(typed)) return 'wrong';
  const bytes = Math.round(Number(typed.replace(',', '.')) * GIB);
  return bytes >= leastBytes && bytes <= MOST_BYTES ? bytes : 'wrong';
}

// As the server has it: more is no limit.
const MOST_BYTES = 1024 ** 5;

/** A size as it stands in its field, which names the unit. */
export const gibText = (bytes: number): string => String(Number((bytes / GIB).toFixed(3)));

import { cutMiddle } from '../../builtin/tools/cut.ts';

/** What one tool call may show of texts, in characters. */
export const MOST_CALL_TEXT = 256 * 1024;
/** Of a picture's bytes as base64. */
export const MOST_IMAGE = Math.ceil((8 * 1024 * 1024) / 3) * 4;

/** At most `limit` characters, the middle left out. */
export function cutTo(text: string, limit: number): string {
  const head = Math.floor(limit / 2);
  return cutMiddle(text, { head, tail: limit - head }, (omitted) => `[… ${omitted} characters left out …]`);
}

/** One line of at most `limit` characters, without control characters. */
export function oneLine(text: string, limit = 300): string {
  const start = text.length > 4 * limit ? text.slice(0, 4 * limit) : text;
  const line = start.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** How much an agent's JSON may hold before it is shown as a cut text instead. */
const MOST_DEPTH = 20;
const MOST_ENTRIES = 200;

/** The same JSON with `text` applied to each text in it; deep and long parts are left out. */
export function mapTexts(value: unknown, text: (value: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MOST_DEPTH) return '…';
  if (Array.isArray(value))
    return value.slice(0, MOST_ENTRIES).map((entry) => mapTexts(entry, text, depth + 1));
  const entries = Object.entries(value).slice(0, MOST_ENTRIES);
  return Object.fromEntries(entries.map(([key, entry]) => [key, mapTexts(entry, text, depth + 1)]));
}

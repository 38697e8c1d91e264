import { MAX_SECRET_BYTES, secretName } from './secrets.ts';

/** One variable of a `.env` file. */
export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
}

/** A line that was left out; `line` counts from 1. Never tells what stands there. */
export interface DotenvProblem {
  readonly line: number;
  readonly reason: string;
}

export interface Dotenv {
  /** In order, each name once: the last of a name counts. */
  readonly entries: readonly DotenvEntry[];
  readonly problems: readonly DotenvProblem[];
}

interface Cursor {
  readonly text: string;
  at: number;
}

const ASSIGNMENT = /[ \t]*(?:export[ \t]+)?([^\s=#'"`]+)[ \t]*=[ \t]*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/**
 * Reads a `.env` file by the grammar that its readers share: `NAME=value`, with `export` before it or not; values bare
 * (trimmed, up to ` #`), in single quotes or backticks (as they are) or in double quotes (with `\n`, `\r`, `\t`, `\"`,
 * `\\`, `\$`), the quoted over several lines; empty lines and comments. Nothing is expanded: `$OTHER` stays as it is.
 */
export function parseDotenv(text: string): Dotenv {
  const cursor: Cursor = { text: text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n'), at: 0 };
  const entries = new Map<string, string>();
  const problems: DotenvProblem[] = [];
  let line = 1;
  let counted = 0;
  while (cursor.at < cursor.text.length) {
    line += lineEnds(cursor.text, counted, cursor.at);
    counted = cursor.at;
    const found = readLine(cursor);
    if (typeof found === 'string') problems.push({ line, reason: found });
    else if (found) {
      entries.delete(found.name);
      entries.set(found.name, found.value);
    }
  }
  return { entries: [...entries].map(([name, value]) => ({ name, value })), problems };
}

/** Null for a line with nothing in it, the reason for one that is left out. Leaves the cursor at the next line. */
function readLine(cursor: Cursor): DotenvEntry | string | null {
  const rest = restOfLine(cursor);
  if (/^\s*(?:#.*)?$/.test(rest)) return skipLine(cursor, null);
  ASSIGNMENT.lastIndex = cursor.at;
  const match = ASSIGNMENT.exec(cursor.text);
  if (!match) return skipLine(cursor, 'not of the form NAME=value');
  cursor.at = ASSIGNMENT.lastIndex;
  const value = readValue(cursor);
  const name = match[1] ?? '';
  if (value === null) return skipLine(cursor, 'a quote is not closed, or something follows it');
  if (!secretName.safeParse(name).success)
    return skipLine(cursor, 'the name is no name of an environment variable');
  if (value === '') return skipLine(cursor, 'the value is empty');
  if (value.includes('\0') || new TextEncoder().encode(value).byteLength > MAX_SECRET_BYTES)
    return skipLine(cursor, 'the value is too long or not text');
  return skipLine(cursor, { name, value });
}

function readValue(cursor: Cursor): string | null {
  const quote = cursor.text[cursor.at] ?? '';
  if (!['"', "'", '`'].includes(quote)) return bareValue(restOfLine(cursor));
  let value = '';
  for (let at = cursor.at + 1; at < cursor.text.length; at += 1) {
    const letter = cursor.text[at] ?? '';
    if (letter === quote) {
      cursor.at = at + 1;
      return /^\s*(?:#.*)?$/.test(restOfLine(cursor)) ? value : null;
    }
    const next = cursor.text[at + 1] ?? '';
    if (quote === '"' && letter === '\\' && Object.hasOwn(ESCAPES, next)) {
      value += ESCAPES[next];
      at += 1;
    } else value += letter;
  }
  return null;
}

function bareValue(rest: string): string {
  if (rest.startsWith('#')) return '';
  return rest.replace(/\s+#.*$/, '').trim();
}

function restOfLine({ text, at }: Cursor): string {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.slice(at) : text.slice(at, end);
}

function skipLine<Result>(cursor: Cursor, result: Result): Result {
  const end = cursor.text.indexOf('\n', cursor.at);
  cursor.at = end < 0 ? cursor.text.length : end + 1;
  return result;
}

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) if (text[at] === '\n') count += 1;
  return count;
}

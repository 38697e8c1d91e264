/** Changes of a JSON text with comments that leave everything else in it as it was written. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';

interface Member {
  readonly key: string;
  /** Of the key's opening quote. */
  readonly start: number;
  readonly value: Node;
}

interface Node {
  readonly start: number;
  readonly end: number;
  /** Null for what is no object. */
  readonly members: readonly Member[] | null;
}

/** Deeper nesting is nothing that a person wrote. */
const MAX_DEPTH = 100;

/**
 * The text in which the member at `path` is `value`; null removes it. Objects on the way are made. Throws
 * `config.unreadable` for what is no JSON with comments, or has something else than an object on the way.
 */
export function setMember(text: string, path: readonly [string, ...string[]], value: object | null): string {
  const body = text.trim() === '' ? '{}\n' : text;
  const root = parse(body);
  let at = root;
  for (const [depth, key] of path.entries()) {
    if (at.members === null) throw unreadable(`${path.slice(0, depth).join('.') || 'It'} is no object.`);
    // Of two members of one name, programs take the last.
    const found = at.members.findLast((member) => member.key === key);
    const isLast = depth === path.length - 1;
    if (found && isLast) return value === null ? remove(body, at, found) : replace(body, found, value, depth);
    if (!found) return value === null ? body : insert(body, at, { path: path.slice(depth), value, depth });
    at = found.value;
  }
  return body;
}

function replace(text: string, { value: old }: Member, value: object, depth: number): string {
  return text.slice(0, old.start) + printed(value, depth + 1) + text.slice(old.end);
}

interface Addition {
  readonly path: readonly string[];
  readonly value: object;
  readonly depth: number;
}

function insert(text: string, { start, end, members }: Node, { path, value, depth }: Addition): string {
  const [key = '', ...rest] = path;
  const whole = rest.reduceRight<object>((inner, name) => ({ [name]: inner }), value);
  const indent = '  '.repeat(depth + 1);
  const member = `\n${indent}${JSON.stringify(key)}: ${printed(whole, depth + 1)}`;
  const last = members?.at(-1);
  if (!last) {
    // A comment may stand in it.
    const inside = text.slice(start + 1, end - 1).trimEnd();
    return `${text.slice(0, start + 1)}${inside}${member}\n${'  '.repeat(depth)}${text.slice(end - 1)}`;
  }
  const comma = commaAfter(text, last.value.end);
  if (comma !== null) return `${text.slice(0, comma + 1)}${member}${text.slice(comma + 1)}`;
  return `${text.slice(0, last.value.end)},${member}${text.slice(last.value.end)}`;
}

function remove(text: string, { start, members }: Node, member: Member): string {
  const all = members ?? [];
  const index = all.indexOf(member);
  const after = commaAfter(text, member.value.end);
  const previous = all[index - 1];
  if (after !== null && (index < all.length - 1 || !previous)) {
    const from = lineStart(text, member.start, previous ? previous.value.end : start + 1);
    return text.slice(0, from) + text.slice(after + 1);
  }
  const comma = previous ? commaAfter(text, previous.value.end) : null;
  if (comma !== null) {
    const kept = text.slice(comma + 1, member.start).trimEnd();
    // The one before is the last now: its comma goes, its comment stays.
    return text.slice(0, comma) + kept + text.slice(after === null ? member.value.end : after + 1);
  }
  return text.slice(0, lineStart(text, member.start, start + 1)) + text.slice(member.value.end);
}

// Where the blanks before a member begin, the line's end included.
function lineStart(text: string, at: number, least: number): number {
  let from = at;
  while (from > least && /[ \t]/.test(text[from - 1] ?? '')) from -= 1;
  if (from > least && text[from - 1] === '\n') from -= text[from - 2] === '\r' && from - 1 > least ? 2 : 1;
  return from;
}

function commaAfter(text: string, at: number): number | null {
  const next = skipBlank(text, at);
  return text[next] === ',' ? next : null;
}

function printed(value: object, depth: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${'  '.repeat(depth)}`);
}

function parse(text: string): Node {
  const start = skipBlank(text, text.startsWith('\uFEFF') ? 1 : 0);
  const root = node(text, start, 0);
  if (skipBlank(text, root.end) < text.length) throw unreadable('Something stands after its end.');
  return root;
}

function node(text: string, start: number, depth: number): Node {
  if (depth > MAX_DEPTH) throw unreadable('It is nested too deep.');
  if (text[start] === '{') return objectAt(text, start, depth);
  if (text[start] === '[') return arrayAt(text, start, depth);
  const end = text[start] === '"' ? stringEnd(text, start) : wordEnd(text, start);
  try {
    JSON.parse(text.slice(start, end));
  } catch {
    throw unreadable(`What stands at character ${start + 1} is no JSON.`);
  }
  return { start, end, members: null };
}

function objectAt(text: string, start: number, depth: number): Node {
  const members: Member[] = [];
  let at = skipBlank(text, start + 1);
  while (text[at] !== '}') {
    if (text[at] !== '"') throw unreadable(`At character ${at + 1} a name is missing.`);
    const keyEnd = stringEnd(text, at);
    const colon = skipBlank(text, keyEnd);
    if (text[colon] !== ':') throw unreadable(`At character ${colon + 1} a colon is missing.`);
    const value = node(text, skipBlank(text, colon + 1), depth + 1);
    members.push({ key: JSON.parse(text.slice(at, keyEnd)), start: at, value });
    at = afterItem(text, value.end, '}');
  }
  return { start, end: at + 1, members };
}

function arrayAt(text: string, start: number, depth: number): Node {
  let at = skipBlank(text, start + 1);
  while (text[at] !== ']') at = afterItem(text, node(text, at, depth + 1).end, ']');
  return { start, end: at + 1, members: null };
}

function afterItem(text: string, end: number, close: string): number {
  const next = skipBlank(text, end);
  if (text[next] === ',') return skipBlank(text, next + 1);
  if (text[next] !== close) throw unreadable(`At character ${next + 1} a comma is missing.`);
  return next;
}

function skipBlank(text: string, from: number): number {
  const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = from;
  blank.exec(text);
  return blank.lastIndex;
}

function stringEnd(text: string, start: number): number {
  const string = /"(?:[^"\\\n]|\\.)*"/y;
  string.lastIndex = start;
  if (!string.test(text)) throw unreadable(`The text that begins at character ${start + 1} has no end.`);
  return string.lastIndex;
}

function wordEnd(text: string, start: number): number {
  const word = /[\w+.-]*/y;
  word.lastIndex = start;
  word.test(text);
  return word.lastIndex;
}

function unreadable(message: string): FarhandError {
  return new FarhandError('config.unreadable', {
    message: `The file is no valid JSON: ${message}`,
    hint: 'Mend it, or add the entry by hand; nothing was changed.',
  });
}

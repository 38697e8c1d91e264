/** Changes of a TOML text that leave everything else in it as a person wrote it, comments and all. */
import { isDeepStrictEqual } from 'node:util';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { parse } from 'smol-toml';
import { type AST, parseTOML } from 'toml-eslint-parser';

export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  readonly [key: string]: TomlValue;
}
/** Of a table: `['hosts', 'prod']`, or `['rules', 2]` for the third of `[[rules]]`. */
export type TomlPath = readonly (string | number)[];

/**
 * The text in which the table at `path` says exactly `table`; null removes it, with the comment above. A number one past
 * the last adds a table to its array. Throws `config.unreadable` for what is no TOML or cannot be changed so.
 */
export function setTable(text: string, path: TomlPath, table: TomlTable | null): string {
  const wanted = changed(parse(text), path, table);
  const attempts = [() => editInPlace(text, path, table), () => rewritten(text, path, table)];
  for (const attempt of attempts) {
    const edited = attempt();
    if (edited !== null && isSame(edited, wanted)) return edited;
  }
  throw new FarhandError('config.unreadable', {
    message: `The table ${path.join('.')} is written in a way that cannot be changed from here.`,
    hint: 'Change it in the file itself.',
  });
}

/** The text in which this key above all tables has this value; null removes it. Throws as `setTable`. */
export function setTopKey(text: string, key: string, value: TomlValue | null): string {
  const { [key]: _, ...others } = parse(text);
  const wanted = value === null ? others : { ...others, [key]: value };
  const entries = parseTOML(text).body[0].body.filter((node) => node.type === 'TOMLKeyValue');
  const entry = entries.find((one) => keyOf(one) === key);
  const last = entries.at(-1);
  const edit = (): Edit => {
    if (entry !== undefined && value === null) return wholeLine(text, entry.range);
    const fresh = value === null ? '' : inline(value);
    if (entry !== undefined) return { from: entry.value.range[0], to: entry.value.range[1], text: fresh };
    if (value === null) return { from: 0, to: 0, text: '' };
    if (last === undefined)
      return { from: 0, to: 0, text: `${line(key, value)}\n${text === '' ? '' : '\n'}` };
    const end = lineEnd(text, last.range[1]);
    return { from: end, to: end, text: `\n${line(key, value)}` };
  };
  const edited = apply(text, [edit()]);
  if (isSame(edited, wanted)) return edited;
  throw new FarhandError('config.unreadable', {
    message: `The key ${key} is written in a way that cannot be changed from here.`,
    hint: 'Change it in the file itself.',
  });
}

function isSame(text: string, wanted: unknown): boolean {
  try {
    return isDeepStrictEqual(plain(parse(text)), plain(wanted));
  } catch {
    return false;
  }
}

// Tables of the parser have no prototype, and an empty one says as little as none.
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, plain(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => !isEmpty(entry)));
}

const isEmpty = (value: unknown) =>
  (Array.isArray(value) && value.length === 0) || isDeepStrictEqual(value, {});

function changed(whole: Record<string, unknown>, path: TomlPath, table: TomlTable | null): unknown {
  const copy = structuredClone(plain(whole)) as Record<string, unknown>;
  let place: Record<string | number, unknown> = copy;
  path.slice(0, -1).forEach((key, index) => {
    place[key] ??= typeof path[index + 1] === 'number' ? [] : {};
    place = place[key] as Record<string | number, unknown>;
  });
  const last = path.at(-1) ?? '';
  if (table !== null) place[last] = table;
  else if (Array.isArray(place)) place.splice(Number(last), 1);
  else delete place[last];
  return copy;
}

function editInPlace(text: string, path: TomlPath, table: TomlTable | null): string | null {
  const node = tables(text).find(({ resolvedKey }) => isDeepStrictEqual(resolvedKey, path));
  if (!node) return table === null ? null : appended(text, path, table);
  if (table === null) return removed(text, path);
  const edits: Edit[] = [];
  const entries = new Map(node.body.map((entry) => [keyOf(entry), entry]));
  for (const [key, entry] of entries) {
    const value = table[key];
    if (value === undefined) edits.push(wholeLine(text, entry.range));
    else if (!isDeepStrictEqual(plain(valueOf(text, entry)), plain(value)))
      edits.push({ from: entry.value.range[0], to: entry.value.range[1], text: inline(value) });
  }
  const isTable = (key: string) =>
    tables(text).some(({ resolvedKey }) =>
      isDeepStrictEqual(resolvedKey.slice(0, path.length + 1), [...path, key]),
    );
  const added = Object.entries(table).filter(([key]) => !entries.has(key) && !isTable(key));
  const end = lineEnd(text, node.body.at(-1)?.range[1] ?? lineEnd(text, node.range[0]));
  if (added.length > 0)
    edits.push({ from: end, to: end, text: added.map(([key, value]) => `\n${line(key, value)}`).join('') });
  return apply(text, edits);
}

/** For what is written in another way than we would: the table goes, and comes again at the end. */
function rewritten(text: string, path: TomlPath, table: TomlTable | null): string | null {
  if (typeof path.at(-1) === 'number' && table !== null) return null;
  const without = removed(text, path) ?? withoutEntry(text, path);
  return without === null || table === null ? without : appended(without, path, table);
}

function removed(text: string, path: TomlPath): string | null {
  const all = tables(text);
  const isOf = (key: TomlPath) => isDeepStrictEqual(key.slice(0, path.length), path);
  const blocks = all.flatMap((node, index) => {
    if (!isOf(node.resolvedKey)) return [];
    const next = all[index + 1];
    return [
      {
        from: blockStart(text, node.range[0]),
        to: next ? blockStart(text, next.range[0]) : text.length,
        text: '',
      },
    ];
  });
  return blocks.length === 0 ? null : apply(text, blocks);
}

// As `prod = { … }` in the table above.
function withoutEntry(text: string, path: TomlPath): string | null {
  const parent = tables(text).find(({ resolvedKey }) => isDeepStrictEqual(resolvedKey, path.slice(0, -1)));
  const gone = (parent?.body ?? []).filter(
    (entry) => entry.key.keys[0] && keyName(entry.key.keys[0]) === path.at(-1),
  );
  return gone.length === 0
    ? null
    : apply(
        text,
        gone.map(({ range }) => wholeLine(text, range)),
      );
}

function appended(text: string, path: TomlPath, table: TomlTable): string {
  const isArray = typeof path.at(-1) === 'number';
  const name = (isArray ? path.slice(0, -1) : path).map((key) => bare(String(key))).join('.');
  const lines = Object.entries(table).map(([key, value]) => line(key, value));
  const before = text.trimEnd();
  const block = [isArray ? `[[${name}]]` : `[${name}]`, ...lines].join('\n');
  return `${before}${before === '' ? '' : '\n\n'}${block}\n`;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function apply(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((now, edit) => now.slice(0, edit.from) + edit.text + now.slice(edit.to), text);
}

function tables(text: string): AST.TOMLTable[] {
  return parseTOML(text).body[0].body.filter((node) => node.type === 'TOMLTable');
}

const keyOf = ({ key }: AST.TOMLKeyValue) => key.keys.map(keyName).join('.');
const keyName = (key: AST.TOMLKeyValue['key']['keys'][number]) =>
  key.type === 'TOMLBare' ? key.name : key.value;

function valueOf(text: string, { value }: AST.TOMLKeyValue): unknown {
  return parse(`value = ${text.slice(...value.range)}`).value;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function wholeLine(text: string, [from, to]: readonly [number, number]): Edit {
  return {
    from: text.lastIndexOf('\n', from - 1) + 1,
    to: Math.min(text.length, lineEnd(text, to) + 1),
    text: '',
  };
}

/** The start of a table with the comment lines right above it. */
function blockStart(text: string, header: number): number {
  let start = text.lastIndexOf('\n', header - 1) + 1;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!text.slice(above, start).trimStart().startsWith('#')) break;
    start = above;
  }
  return start;
}

const line = (key: string, value: TomlValue) => `${bare(key)} = ${inline(value)}`;
const bare = (key: string) => (/^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key));
// A basic string of TOML has JSON's escapes, but for one more letter.
const quoted = (text: string) => JSON.stringify(text).replaceAll('\x7f', '\\u007f');

function inline(value: TomlValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(inline).join(', ')}]`;
  const entries = Object.entries(value).map(([key, entry]) => line(key, entry));
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

const isList = (value: TomlValue): value is readonly TomlValue[] => Array.isArray(value);

import { isDeepStrictEqual } from 'node:util';
import { parseTOML } from 'toml-eslint-parser';

/** The line, from 1, where a table has this key, or where the table begins; null where neither can be found. */
export function lineOf(text: string, table: readonly string[], key: string | null): number | null {
  try {
    const nodes = parseTOML(text).body[0].body.filter((node) => node.type === 'TOMLTable');
    const header = nodes.find(({ resolvedKey }) => isDeepStrictEqual(resolvedKey, table));
    const own = nodes.find(({ resolvedKey }) => isDeepStrictEqual(resolvedKey, [...table, key]));
    const entry = header?.body.find(({ key: { keys } }) => {
      const first = keys[0];
      return first !== undefined && (first.type === 'TOMLBare' ? first.name : first.value) === key;
    });
    return (entry ?? own ?? header)?.loc.start.line ?? null;
  } catch {
    return null;
  }
}

import { parseTOML } from 'toml-eslint-parser';
import { readRules } from './rule-file.ts';

/** The text with the rule at `index` and the one after it exchanged, each with the comment above it; null where there is none. */
export function movedRule(text: string, index: number): string | null {
  const headers = parseTOML(text).body[0].body.filter((node) => node.type === 'TOMLTable');
  const starts = headers.map(({ range }) => startOf(text, range[0]));
  const [first, second] = [starts[index], starts[index + 1]];
  if (index < 0 || first === undefined || second === undefined) return null;
  const end = starts[index + 2] ?? text.length;
  const upper = text.slice(first, second);
  const lower = text.slice(second, end);
  // The last one may lack the empty line that the others end with.
  const joined = `${lower.trimEnd()}\n\n${upper.trimEnd()}\n${end === text.length ? '' : '\n'}`;
  const moved = text.slice(0, first) + joined + text.slice(end);
  const before = readRules(text).rules.map(({ name }) => name);
  const after = readRules(moved).rules.map(({ name }) => name);
  const wanted = before.map((name, at) =>
    at === index ? before[at + 1] : at === index + 1 ? before[at - 1] : name,
  );
  return after.join('\n') === wanted.join('\n') ? moved : null;
}

// With the comment lines right above it.
function startOf(text: string, header: number): number {
  let start = text.lastIndexOf('\n', header - 1) + 1;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!text.slice(above, start).startsWith('#')) break;
    start = above;
  }
  return start;
}

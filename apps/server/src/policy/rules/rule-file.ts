import { type ListedPolicyRule, type PolicyProblem, policyRule } from '@farhand/shared/model/policy';
import { parse, TomlError } from 'smol-toml';
import { type AST, parseTOML } from 'toml-eslint-parser';
import { parsePattern } from './pattern.ts';

/** The rules that a text says. Where it has problems, its rules are not to be used. */
export interface ReadRules {
  readonly rules: readonly ListedPolicyRule[];
  readonly problems: readonly PolicyProblem[];
}

const LISTS = ['match', 'paths', 'cwd', 'host', 'user', 'agent'];
const KEYS = [...LISTS, 'name', 'effect', 'reason'];

/** Reads the text of policy.toml: `[[rules]]` and nothing else. */
export function readRules(text: string): ReadRules {
  const values = valuesOf(text);
  if ('problem' in values) return { rules: [], problems: [values.problem] };
  const places = placesOf(text);
  const problems: PolicyProblem[] = [];
  const tell = (key: string, message: string) =>
    problems.push({ ...(places.get(key) ?? { line: 1, column: 1 }), message });
  for (const key of Object.keys(values.values))
    if (key !== 'rules') tell(key, `“${key}” is not known here: there is only [[rules]].`);
  const listed = values.values.rules ?? [];
  if (!Array.isArray(listed) || !listed.every(isTable)) {
    tell('rules', 'Rules are written as [[rules]].');
    return { rules: [], problems };
  }
  const rules = listed.flatMap((table, index) => {
    const key = `rules.${index}`;
    const place = places.get(key) ?? { line: 1, column: 1 };
    const rule = ruleOf(table, (name, message) =>
      problems.push({ ...(places.get(`${key}.${name}`) ?? place), message }),
    );
    return rule === null ? [] : [{ ...rule, line: place.line }];
  });
  const names = rules.map(({ name }) => name);
  rules.forEach(({ name, line }, index) => {
    if (names.indexOf(name) !== index)
      problems.push({ line, column: 1, message: `Another rule is named “${name}” too.` });
  });
  return { rules, problems };
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

function ruleOf(table: Record<string, unknown>, tell: (key: string, message: string) => void) {
  let isGood = true;
  const wrong = (key: string, message: string) => {
    isGood = false;
    tell(key, message);
  };
  for (const key of Object.keys(table)) if (!KEYS.includes(key)) wrong(key, `“${key}” is no part of a rule.`);
  // One alone stands for a list of it.
  const lists = LISTS.flatMap((key) => {
    const value = table[key];
    return value === undefined ? [] : [[key, typeof value === 'string' ? [value] : value] as const];
  });
  const parsed = policyRule.safeParse({ ...table, ...Object.fromEntries(lists) });
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      wrong(String(path[0] ?? ''), `${String(path[0] ?? 'A rule')}: ${message}.`);
    return null;
  }
  for (const pattern of parsed.data.match) {
    const { problem, kind, words } = parsePattern(pattern);
    if (problem !== null) wrong('match', `“${pattern}”: ${problem}`);
    else if (parsed.data.effect === 'allow' && kind === null && words[0]?.kind !== 'fixed')
      wrong('match', `“${pattern}”: a rule that allows has to name its program.`);
  }
  return isGood ? parsed.data : null;
}

function valuesOf(text: string): { values: Record<string, unknown> } | { problem: PolicyProblem } {
  try {
    return { values: parse(text) };
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown;
    const reason = thrown.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? '';
    return { problem: { line: thrown.line, column: thrown.column, message: `This is no TOML: ${reason}.` } };
  }
}

// Of tables, and of the keys in them, as `rules.0` and `rules.0.match`.
function placesOf(text: string): Map<string, { line: number; column: number }> {
  const places = new Map<string, { line: number; column: number }>();
  const add = (key: string, { loc }: AST.TOMLNode) => {
    if (!places.has(key)) places.set(key, { line: loc.start.line, column: loc.start.column + 1 });
  };
  let nodes: readonly (AST.TOMLTable | AST.TOMLKeyValue)[] = [];
  try {
    nodes = parseTOML(text).body[0].body;
  } catch {
    // One parser takes what the other does not: then only the lines are not known.
    return places;
  }
  const keyOf = (entry: AST.TOMLKeyValue) =>
    entry.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value)).join('.');
  for (const node of nodes) {
    if (node.type === 'TOMLKeyValue') {
      add(keyOf(node), node);
      continue;
    }
    const key = node.resolvedKey.join('.');
    add(String(node.resolvedKey[0]), node);
    add(key, node);
    for (const entry of node.body) add(`${key}.${keyOf(entry)}`, entry);
  }
  return places;
}

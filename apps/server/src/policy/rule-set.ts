import type { ListedPolicyRule, PolicyProblem } from '@farhand/shared/model/policy';
import type { ConfigFile } from '../config/config-file.ts';
import type { RuleSet } from './judge-by-rules.ts';
import type { ReadyRule } from './rules/decide.ts';
import { parsePattern } from './rules/pattern.ts';
import { type ReadRules, readRules } from './rules/rule-file.ts';

/** The rules of the file, read again whenever it says something else. */
export interface CurrentRules {
  read(): ReadRules;
  set(): RuleSet;
}

const READ_NOTHING: ReadRules = { rules: [], problems: [] };

/** While the file has problems, what its last good text denied is still denied, and all else is asked. */
export function currentRules(file: Pick<ConfigFile, 'path' | 'text' | 'problem'>): CurrentRules {
  let seen: { text: string; trouble: string | null } | null = null;
  let read = READ_NOTHING;
  let good: readonly ReadyRule[] = [];
  const look = () => {
    const text = file.text();
    const trouble = file.problem();
    if (seen?.text === text && seen.trouble === trouble) return;
    seen = { text, trouble };
    read = readOf(text, trouble);
    if (read.problems.length === 0) good = read.rules.map(ready);
  };
  return {
    read() {
      look();
      return read;
    },
    set() {
      look();
      const [problem] = read.problems;
      return {
        rules: problem ? good.filter(({ effect }) => effect !== 'allow') : good,
        problem: problem ? whyBroken(file.path, problem) : null,
      };
    },
  };
}

function readOf(text: string, trouble: string | null): ReadRules {
  const read = readRules(text);
  // It cannot be opened, or is too large: what is known of it is not what it says now.
  if (trouble === null || read.problems.length > 0) return read;
  return { rules: [], problems: [{ line: 1, column: 1, message: trouble }] };
}

const whyBroken = (path: string, { line, column, message }: PolicyProblem) =>
  `The rules cannot be used while ${path} has an error in line ${line}, column ${column}: ${message}`;

/** A rule with its patterns read. */
export function ready(rule: ListedPolicyRule): ReadyRule {
  return { ...rule, patterns: rule.match.map(parsePattern) };
}

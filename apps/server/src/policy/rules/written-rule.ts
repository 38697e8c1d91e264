import type { PolicyRule } from '@farhand/shared/model/policy';
import type { TomlTable } from '../../config/toml-edit.ts';

const LISTS = ['match', 'paths', 'cwd', 'host', 'user', 'agent'] as const;

/** A rule as a person would write it: one of a list as itself, and nothing where it holds for everything. */
export function writtenRule(rule: PolicyRule): TomlTable {
  const lists = LISTS.flatMap((key) => {
    const { [key]: list } = rule;
    const [only] = list;
    if (only === undefined) return [];
    return [[key, list.length === 1 ? only : list] as const];
  });
  return {
    name: rule.name,
    effect: rule.effect,
    ...Object.fromEntries(lists),
    ...(rule.reason === null ? {} : { reason: rule.reason }),
  };
}

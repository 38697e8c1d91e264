import type { Approval } from '@farhand/shared/model/approvals';
import type { PolicyProposal } from '@farhand/shared/model/policy';
import type { ReadyRule } from './rules/decide.ts';

/** How often, and for how long, something has to be allowed before a rule is proposed for it. */
const LEAST = 3;
const WITHIN_DAYS = 30;
const MOST = 20;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Rules for what persons allowed again and again, most often first. Nothing is proposed that a rule names already, or
 * that somebody denied in the same time.
 */
export function proposalsOf(
  decided: readonly Approval[],
  rules: readonly ReadyRule[],
  now: number = Date.now(),
): PolicyProposal[] {
  const since = new Date(now - WITHIN_DAYS * DAY_MS).toISOString();
  const recent = decided.filter(({ decidedAt }) => decidedAt !== null && decidedAt >= since);
  const named = new Set(rules.flatMap(({ match }) => match));
  const denied = new Set(
    recent.filter(({ decision }) => decision?.kind === 'denied').map(({ pattern }) => pattern),
  );
  const found = new Map<string, { count: number; lastAt: string }>();
  for (const { pattern, decision, decidedBy, decidedAt } of recent) {
    if (pattern === null || decision?.kind !== 'allowed' || decidedBy === null) continue;
    // What was run in its place says nothing of this one.
    if (decision.command !== null || named.has(pattern) || denied.has(pattern)) continue;
    const before = found.get(pattern) ?? { count: 0, lastAt: '' };
    const at = decidedAt ?? '';
    found.set(pattern, { count: before.count + 1, lastAt: at > before.lastAt ? at : before.lastAt });
  }
  const taken = new Set(rules.map(({ name }) => name));
  return [...found]
    .filter(([, { count }]) => count >= LEAST)
    .toSorted(([, a], [, b]) => b.count - a.count)
    .slice(0, MOST)
    .map(([pattern, { count, lastAt }]) => ({ rule: ruleFor(pattern, taken), count, lastAt }));
}

function ruleFor(pattern: string, taken: Set<string>): PolicyProposal['rule'] {
  const base = `Allow ${pattern}`.slice(0, 70);
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base} ${number}`;
  taken.add(name);
  return {
    name,
    effect: 'allow',
    match: [pattern],
    paths: [],
    cwd: [],
    host: [],
    user: [],
    agent: [],
    reason: null,
  };
}

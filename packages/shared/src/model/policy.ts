import { z } from 'zod';

/** What a rule says of what it matches. Where several match, `deny` counts before `ask`, and `ask` before `allow`. */
export const policyEffect = z.enum(['allow', 'ask', 'deny']);
export type PolicyEffect = z.infer<typeof policyEffect>;

const patterns = z.array(z.string().min(1).max(300)).max(50);

/** One of `[[rules]]` in policy.toml. A list that is empty holds for everything. */
export const policyRule = z.object({
  name: z.string().min(1).max(80),
  effect: policyEffect,
  /** Of commands, as `git push *`; of other things, as `[edit] .envrc`, `[fetch] https://example.org/*`. */
  match: patterns.min(1),
  /** Where the paths among the arguments lie, relative to the workspace: all of them to allow, one of them to ask or deny. */
  paths: patterns.default([]),
  cwd: patterns.default([]),
  host: patterns.default([]),
  user: patterns.default([]),
  agent: patterns.default([]),
  /** For whoever is asked or denied. */
  reason: z.string().max(300).nullable().default(null),
});
export type PolicyRule = z.infer<typeof policyRule>;

/** A rule as it stands in the file; `line` counts from 1. */
export const listedPolicyRule = policyRule.extend({ line: z.number().int() });
export type ListedPolicyRule = z.infer<typeof listedPolicyRule>;

/** Why the file cannot be used; line and column count from 1. */
export const policyProblem = z.object({
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
});
export type PolicyProblem = z.infer<typeof policyProblem>;

/** The file as it is now. While it has problems, all is asked that no deny rule of its last good text denies. */
export const policyFile = z.object({
  path: z.string(),
  text: z.string(),
  rules: z.array(listedPolicyRule),
  problems: z.array(policyProblem),
});
export type PolicyFile = z.infer<typeof policyFile>;

export const policyVerdict = z.enum(['allowed', 'ask', 'denied']);
export type PolicyVerdict = z.infer<typeof policyVerdict>;

/** The rule that decided; null where the policy of the workspace did. */
const deciding = z.object({ name: z.string(), line: z.number().int() }).nullable();

/** One simple command of a text. */
export const policyStep = z.object({
  /** Its words; `…` stands for what only the run tells. */
  command: z.string(),
  /** What it stands in or is run by, outermost first. */
  within: z.array(z.string()),
  verdict: policyVerdict,
  why: z.string(),
  rule: deciding,
});
export type PolicyStep = z.infer<typeof policyStep>;

/** How a text would be judged. */
export const policyExplanation = z.object({
  verdict: policyVerdict,
  why: z.string(),
  rule: deciding,
  /** Why not all of it is known; null where it is. */
  unresolved: z.string().nullable(),
  steps: z.array(policyStep),
});
export type PolicyExplanation = z.infer<typeof policyExplanation>;

/** A rule that would have answered what persons allowed again and again. It is never installed by itself. */
export const policyProposal = z.object({
  rule: policyRule,
  /** How often it was allowed. */
  count: z.number().int(),
  lastAt: z.string(),
});
export type PolicyProposal = z.infer<typeof policyProposal>;

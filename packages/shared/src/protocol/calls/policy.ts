import { z } from 'zod';
import { approvalPolicy } from '../../model/approvals.ts';
import { hostId, LOCAL_HOST } from '../../model/hosts.ts';
import {
  policyExplanation,
  policyFile,
  policyProblem,
  policyProposal,
  policyRule,
} from '../../model/policy.ts';
import { call, none } from './call.ts';

const index = z.number().int().min(0).max(10_000);
const text = z.string().max(1024 * 1024);

/** Calls about the rules for what agents and other programs do. See `calls`. */
export const policyCalls = {
  'policy.get': call(none, policyFile),
  /** Adds a rule at the end (`index` null) or replaces one, whose name must still be `was`. Throws `policy.invalid`, `policy.changed`. */
  'policy.set_rule': call(
    z.object({ index: index.nullable(), was: z.string().nullable().default(null), rule: policyRule }),
    policyFile,
  ),
  /** Throws `policy.changed`. */
  'policy.remove_rule': call(z.object({ index, was: z.string() }), policyFile),
  /** Moves a rule up or down by one. Throws `policy.changed`. */
  'policy.move_rule': call(z.object({ index, was: z.string(), by: z.enum(['up', 'down']) }), policyFile),
  /** The whole text. Throws `policy.invalid` for one with problems. */
  'policy.replace': call(z.object({ text }), policyFile),
  /** What is wrong with a text; nothing is stored. */
  'policy.check': call(z.object({ text }), z.object({ problems: z.array(policyProblem) })),
  /** How a command would be judged; nothing runs. */
  'policy.explain': call(
    z.object({
      command: z.string().max(100_000),
      host: hostId.default(LOCAL_HOST),
      agent: z.string().max(100).default('builtin'),
      user: z.string().max(100).nullable().default(null),
      /** The workspace's folder, and the folder in which it runs; null stands for one that is not known. */
      directory: z.string().max(4096).nullable().default(null),
      cwd: z.string().max(4096).nullable().default(null),
      preset: approvalPolicy.default('ask_outside'),
    }),
    policyExplanation,
  ),
  'policy.proposals': call(none, z.object({ proposals: z.array(policyProposal) })),
} as const;

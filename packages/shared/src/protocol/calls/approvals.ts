import { z } from 'zod';
import { approval, approvalPolicy, approvalRule } from '../../model/approvals.ts';
import { approvalId, sessionId, workspaceId } from '../../model/ids.ts';
import { call, none } from './call.ts';

/** Calls about approvals and their policies. See `calls`. */
export const approvalCalls = {
  /** Newest first, at most 500: of one session or of all, open ones only or decided ones too. */
  'approval.list': call(
    z.object({ sessionId: sessionId.nullable().default(null), isOpen: z.boolean().default(true) }),
    z.object({ approvals: z.array(approval) }),
  ),
  /**
   * Answers one question. `hash` is that of what was shown. Throws `approval.already_decided` where another was first
   * (the same answer again is no error), `approval.changed` where it asks for something else by now.
   */
  'approval.decide': call(
    z.object({
      approvalId,
      hash: z.string().length(64),
      decision: z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('allow'),
          scope: z.enum(['once', 'session', 'always']),
          /** Runs in place of the one shown; only where `canEdit`. */
          command: z.string().min(1).max(100_000).optional(),
        }),
        z.object({ kind: z.literal('deny'), reason: z.string().max(4096).optional() }),
        z.object({
          kind: z.literal('answer'),
          values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
        }),
      ]),
    }),
    z.object({ approval }),
  ),
  'approval.rules': call(z.object({ workspaceId }), z.object({ rules: z.array(approvalRule) })),
  'approval.remove_rule': call(z.object({ workspaceId, ruleId: z.string() }), none),
  /** The policy of workspaces that are made from now on. */
  'approval.default_policy': call(none, z.object({ policy: approvalPolicy })),
  'approval.set_default_policy': call(z.object({ policy: approvalPolicy }), none),
} as const;

import { z } from 'zod';
import { agentId } from './agents.ts';
import { actor } from './audit.ts';
import { hostId } from './hosts.ts';
import { approvalId, itemId, sessionId, turnId, workspaceId } from './ids.ts';

/** When a workspace's agents have to ask. `ask_outside`: for what leaves the workspace, or cannot be seen to stay in it. */
export const approvalPolicy = z.enum(['ask_all', 'ask_writes', 'ask_outside', 'never']);
export type ApprovalPolicy = z.infer<typeof approvalPolicy>;

/** One field of a form that an agent asks to be filled in. `choices` is empty for free text. */
export const formField = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  kind: z.enum(['text', 'number', 'boolean', 'choice', 'choices']),
  choices: z.array(z.object({ value: z.string(), name: z.string() })),
  isRequired: z.boolean(),
  initial: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable(),
});
export type FormField = z.infer<typeof formField>;

/** What is asked about, exactly as it will be done. `patch` is a unified diff. Secrets are redacted. */
export const approvalSubject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), command: z.string() }),
  z.object({ kind: z.literal('edit'), files: z.array(z.object({ path: z.string(), patch: z.string() })) }),
  z.object({ kind: z.literal('read'), path: z.string() }),
  z.object({ kind: z.literal('fetch'), url: z.string() }),
  /** Any other tool; `input` is its arguments as indented JSON. */
  z.object({ kind: z.literal('tool'), tool: z.string(), input: z.string() }),
  /** A plan to accept, in Markdown. */
  z.object({ kind: z.literal('plan'), text: z.string() }),
  /** A question: a form to fill in, or an address to open (`url`) and come back from. */
  z.object({
    kind: z.literal('form'),
    message: z.string(),
    fields: z.array(formField),
    url: z.string().nullable(),
  }),
  /** A budget is spent; `limit` and `spent` in words, as `$5.00 a day`. */
  z.object({ kind: z.literal('budget'), limit: z.string(), spent: z.string() }),
]);
export type ApprovalSubject = z.infer<typeof approvalSubject>;

/** How it was decided. `void`: nobody decided, for the turn ended or what was asked about changed. */
export const approvalDecision = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('allowed'),
    /** `policy`: nobody was asked; `rule`: by a pattern that a person stored before. */
    scope: z.enum(['once', 'session', 'always', 'policy', 'rule']),
    /** The command that runs instead, where the person edited it. */
    command: z.string().nullable(),
    /** The person's rule that decided, where one did. */
    rule: z.string().nullable().optional(),
    /** The question that was answered, where one was asked. */
    approvalId: approvalId.optional(),
  }),
  z.object({ kind: z.literal('denied'), reason: z.string().nullable() }),
  z.object({
    kind: z.literal('answered'),
    values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  }),
  z.object({ kind: z.literal('void'), reason: z.string() }),
]);
export type ApprovalDecision = z.infer<typeof approvalDecision>;

/** A question that blocks an agent, or a command that another program or a person wants to run, and its answer. */
const currentApproval = z.object({
  id: approvalId,
  /** Null where no agent asks. */
  sessionId: sessionId.nullable(),
  /** Null for what happens outside of all workspaces. */
  workspaceId: workspaceId.nullable(),
  hostId,
  turnId: turnId.nullable(),
  /** The tool call it is about; null where it is about none. */
  itemId: itemId.nullable(),
  /** Null where no agent asks. */
  agent: agentId.nullable(),
  /** Who asks. */
  by: actor,
  /** One line, as `Run npm publish`. */
  title: z.string(),
  /** Absolute folder on the host in which it would happen. */
  cwd: z.string().nullable(),
  subject: approvalSubject,
  /** Why it was asked, in one sentence. */
  why: z.string(),
  /** What “always allow” would store, as `npm publish *`; null where that cannot be said. */
  pattern: z.string().nullable(),
  canEdit: z.boolean(),
  /** False where the agent offers no answer that lasts. */
  canAllowSession: z.boolean(),
  /** SHA-256, as hex, of everything shown: an answer carries it, and counts only for exactly this. */
  hash: z.string(),
  askedAt: z.string(),
  decision: approvalDecision.nullable(),
  /** Who decided: `page`, `cli`, or null for nobody. */
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
});
export type Approval = z.infer<typeof currentApproval>;

/** Questions that were stored before others than agents could ask do not say who asks: their agent does. */
export const approval = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || 'by' in value) return value;
  return { ...value, by: { kind: 'agent', name: 'agent' in value ? value.agent : null } };
}, currentApproval);

/** A pattern that was allowed for always in one workspace's project. */
export const approvalRule = z.object({
  id: z.string(),
  workspaceId,
  pattern: z.string(),
  createdAt: z.string(),
});
export type ApprovalRule = z.infer<typeof approvalRule>;

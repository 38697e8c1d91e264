import { z } from 'zod';
import { attachment } from './agents.ts';
import { approvalDecision, approvalSubject } from './approvals.ts';
import { rewindTarget, rewindWhat } from './checkpoints.ts';
import { approvalId, checkpointId, itemId, jobId, sessionId, turnId } from './ids.ts';
import { tokenUsage } from './sessions.ts';
import { exit } from './terminals.ts';
import { errorInfo } from './workspaces.ts';

const base = { id: itemId, turnId, at: z.string() };

export const turnState = z.enum(['working', 'done', 'stopped', 'failed']);
export type TurnState = z.infer<typeof turnState>;

/** What a tool call does, for its mark and for the policy; the names are those of ACP. */
export const toolKind = z.enum([
  'read',
  'edit',
  'delete',
  'move',
  'search',
  'execute',
  'think',
  'fetch',
  'switch_mode',
  'other',
]);
export type ToolKind = z.infer<typeof toolKind>;

/**
 * What a tool call shows beside its one line. The server makes it, the page only draws it.
 * `diff.patch` is a unified diff; `hits` lines are 1-based; `image` is a data: URL of png, jpeg, gif or webp.
 */
const oneView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), command: z.string() }),
  z.object({ kind: z.literal('diff'), path: z.string(), patch: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string(), text: z.string(), firstLine: z.number().int() }),
  z.object({ kind: z.literal('image'), path: z.string(), url: z.string() }),
  z.object({ kind: z.literal('list'), entries: z.array(z.string()) }),
  z.object({
    kind: z.literal('hits'),
    hits: z.array(z.object({ path: z.string(), line: z.number().int(), text: z.string() })),
  }),
  z.object({
    kind: z.literal('todo'),
    todos: z.array(z.object({ text: z.string(), state: z.enum(['open', 'doing', 'done']) })),
  }),
  z.object({ kind: z.literal('markdown'), text: z.string() }),
]);
export const toolView = z.union([
  oneView,
  /** Several, one under the other, as an edit of two files. */
  z.object({ kind: z.literal('several'), views: z.array(oneView) }),
]);
export type ToolView = z.infer<typeof toolView>;

export const toolCallItem = z.object({
  ...base,
  kind: z.literal('tool_call'),
  /** The model's own id of this call. */
  callId: z.string(),
  tool: z.string(),
  /** Absent for the built-in agent's own tools, whose names say it. */
  toolKind: toolKind.optional(),
  /** Files that it is about, in the workspace or absolute; `line` is 1-based. */
  locations: z.array(z.object({ path: z.string(), line: z.number().int().nullable() })).optional(),
  /** The session of the sub-agent that does it. */
  childSessionId: sessionId.optional(),
  /** In a dry run: the number of the proposal that it became; nothing was done. */
  proposal: z.number().int().optional(),
  /** One line: what and where, as `npm test` or `src/a.ts:10-40`. */
  title: z.string(),
  input: z.unknown(),
  state: z.enum(['pending', 'running', 'done', 'failed', 'stopped']),
  jobId: jobId.nullable(),
  /** Live output with its ANSI colours; cut in the middle past 48 KiB. Grows by `append`. */
  output: z.string(),
  view: toolView.nullable(),
  exit: exit.nullable(),
  /** What the model was given back; null until the call ended. */
  result: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type ToolCallItem = z.infer<typeof toolCallItem>;

export const transcriptItem = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('user_message'),
    text: z.string(),
    attachments: z.array(attachment).optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('turn'),
    state: turnState,
    model: z.string(),
    usage: tokenUsage,
    costUsd: z.number().nullable().optional(),
    endedAt: z.string().nullable(),
    error: errorInfo.nullable(),
    /** Set while the model is overloaded and the next try waits. */
    retry: z.object({ attempt: z.number().int(), reason: z.string(), nextAt: z.string() }).nullable(),
  }),
  z.object({ ...base, kind: z.literal('text'), text: z.string(), done: z.boolean() }),
  z.object({ ...base, kind: z.literal('reasoning'), text: z.string(), done: z.boolean() }),
  toolCallItem,
  /** The agent's checklist of its turn, which it ticks off. */
  z.object({
    ...base,
    kind: z.literal('plan'),
    entries: z.array(z.object({ text: z.string(), state: z.enum(['open', 'doing', 'done']) })),
  }),
  /** A question and its answer, at the place where the agent waited; while `decision` is null it waits. */
  z.object({
    ...base,
    kind: z.literal('approval'),
    approvalId,
    title: z.string(),
    subject: approvalSubject,
    decision: approvalDecision.nullable(),
    /** `page`, `cli`, or null for nobody. */
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
  }),
  /** From here on the model knows what was before only by this summary (Markdown); token counts are of the context. */
  z.object({
    ...base,
    kind: z.literal('compaction'),
    summary: z.string(),
    tokensBefore: z.number().int(),
    tokensAfter: z.number().int(),
  }),
  z.object({
    ...base,
    kind: z.literal('notice'),
    level: z.enum(['info', 'warning', 'error']),
    text: z.string(),
  }),
  /**
   * A person went back. With the conversation, the items from `toTurnId`’s first one up to here count as undone; `undoes`
   * names the item of a rewind that this one took back, whose items count again.
   */
  z.object({
    ...base,
    kind: z.literal('rewound'),
    what: rewindWhat,
    to: rewindTarget,
    undo: checkpointId,
    files: z.number().int(),
    undoes: itemId.nullable(),
  }),
  /** Takes the place of an item that a restart made void; the page shows nothing for it. */
  z.object({ ...base, kind: z.literal('discarded') }),
]);
/** One thing in a transcript. Items are shown in the order in which they first appeared. */
export type TranscriptItem = z.infer<typeof transcriptItem>;

/**
 * One numbered change of a session: an item as it now is, or text added to an item that grows.
 * `seq` strictly increases per session. `at` is the length, in UTF-16 units, that the field had before.
 */
export const sessionEvent = z.union([
  z.object({
    seq: z.number().int(),
    item: transcriptItem,
    /** The number under which the item first appeared, which is its place; `seq` itself where absent. */
    first: z.number().int().optional(),
  }),
  z.object({
    seq: z.number().int(),
    append: z.object({ itemId, field: z.enum(['text', 'output']), at: z.number().int(), text: z.string() }),
  }),
]);
export type SessionEvent = z.infer<typeof sessionEvent>;

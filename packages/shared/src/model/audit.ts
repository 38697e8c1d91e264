import { z } from 'zod';
import { hostId } from './hosts.ts';
import { sessionId, workspaceId } from './ids.ts';

/**
 * Who did something. `name`: of a token, or of an agent (`codex`); null where the kind says it all. `server` is Farhand
 * itself, going on with what somebody asked for before.
 */
export const actor = z.object({
  kind: z.enum(['page', 'cli', 'token', 'agent', 'server']),
  name: z.string().nullable(),
});
export type Actor = z.infer<typeof actor>;

/**
 * What happened. `command`: a program was started; `exit`: it ended; `decision`: a rule or a person allowed or denied;
 * `override`: a protection was switched off; `setting`: hosts, rules, profiles, tokens or secrets were changed; `cut`:
 * what was too old, or too much of outputs, was removed; `damage`: the server found the log's end not as it had left it.
 */
export const auditKind = z.enum([
  'connection',
  'command',
  'exit',
  'file',
  'secret',
  'decision',
  'sign_in',
  'override',
  'setting',
  'cut',
  'damage',
]);
export type AuditKind = z.infer<typeof auditKind>;

/** One line of the log; `seq` counts up without a gap. `previous` and `hash` are SHA-256 as hex. */
export const auditEvent = z.object({
  seq: z.number().int(),
  at: z.string(),
  kind: auditKind,
  actor,
  hostId: hostId.nullable(),
  workspaceId: workspaceId.nullable(),
  sessionId: sessionId.nullable(),
  /** One line, secrets covered. */
  summary: z.string(),
  /** What is particular to the kind, as `argv`, `cwd`, `user`, `rule`, `approvalId`, `exit`. Never a secret's value. */
  facts: z.record(z.string(), z.json()),
  /** SHA-256 of the kept output; null where there is none. */
  output: z.string().nullable(),
  previous: z.string(),
  hash: z.string(),
});
export type AuditEvent = z.infer<typeof auditEvent>;

/** One thing that is wrong with a log; `seq` null where it is about the log as a whole. */
export const auditProblem = z.object({ seq: z.number().int().nullable(), text: z.string() });
export type AuditProblem = z.infer<typeof auditProblem>;

/** What a look at the whole log found. */
export const auditVerdict = z.object({
  isWhole: z.boolean(),
  /** At most 100, in order. */
  problems: z.array(auditProblem),
  events: z.number().int(),
  /** Kept ones, each looked at. */
  outputs: z.number().int(),
  /** Of events in the log, but no longer kept: the log says that they were removed for the limit. */
  removedOutputs: z.number().int(),
  /** Null of an empty log. */
  first: z.number().int().nullable(),
  /** The newest event: kept elsewhere, it shows later that nothing up to there was exchanged. */
  head: z.object({ seq: z.number().int(), hash: z.string() }).nullable(),
  /** False where the key was not there, so that signatures could not be looked at. */
  isSigned: z.boolean(),
});
export type AuditVerdict = z.infer<typeof auditVerdict>;

/** What is kept, and for how long. */
export const auditSettings = z.object({
  /** Events older than this are cut; null keeps all. */
  retentionDays: z.number().int().min(1).max(36_500).nullable(),
  /** Keeps what terminals and agents wrote, too; what commands wrote is always kept. */
  keepsStreams: z.boolean(),
  /** What kept outputs may take on the disk, packed: above it the oldest are removed. */
  maxOutputBytes: z.number().int().positive(),
});
export type AuditSettings = z.infer<typeof auditSettings>;

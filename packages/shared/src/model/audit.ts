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
 * `override`: a protection was switched off; `setting`: hosts, rules, profiles, tokens or secrets were changed.
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

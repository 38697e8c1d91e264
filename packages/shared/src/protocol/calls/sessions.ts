import { z } from 'zod';
import { agentId, attachment, BUILTIN_AGENT, earlierSession } from '../../model/agents.ts';
import { approvalId, itemId, sessionId, turnId, workspaceId } from '../../model/ids.ts';
import { session } from '../../model/sessions.ts';
import { terminal } from '../../model/terminals.ts';
import { sessionEvent, transcriptItem, turnState } from '../../model/transcripts.ts';
import { errorInfo, workspace } from '../../model/workspaces.ts';
import { call, none } from './call.ts';

/** Calls about sessions. See `calls`. */
export const sessionCalls = {
  /** Oldest first. */
  'session.list': call(none, z.object({ sessions: z.array(session) })),
  /** The newest `limit` items of the transcript, in order. */
  'session.items': call(
    z.object({ sessionId, limit: z.number().int().min(1).max(1000).default(200) }),
    z.object({ items: z.array(transcriptItem) }),
  ),
  /**
   * What changed in the transcript since number `after`, oldest first, at most `limit`: fewer mean that this is all. With
   * `waitMs` it waits so long for the first one.
   */
  'session.events': call(
    z.object({
      sessionId,
      after: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(200),
      waitMs: z.number().int().min(0).max(60_000).default(0),
    }),
    z.object({ session, events: z.array(sessionEvent) }),
  ),
  /** The last turn as it stands; with `waitMs` once it has ended, or then. `text` is what the agent said in it. */
  'session.turn': call(
    z.object({ sessionId, waitMs: z.number().int().min(0).max(60_000).default(0) }),
    z.object({
      session,
      turn: z
        .object({
          turnId,
          state: turnState,
          error: errorInfo.nullable(),
          text: z.string(),
          at: z.string(),
          endedAt: z.string().nullable(),
        })
        .nullable(),
      /** Open questions of the session. */
      approvals: z.array(approvalId),
    }),
  ),
  'session.create': call(
    z.object({
      workspaceId,
      agent: agentId.default(BUILTIN_AGENT),
      model: z.string().nullable().default(null),
      /** One of `session.earlier`, to go on with. */
      nativeId: z.string().max(1000).nullable().default(null),
    }),
    z.object({ session }),
  ),
  'session.prompt': call(
    z.object({
      sessionId,
      text: z
        .string()
        .min(1)
        .max(256 * 1024),
      attachments: z.array(attachment).max(20).default([]),
      model: z.string().nullable().default(null),
      /** Chosen by the client for the message: sent again, after an answer that was lost, it begins nothing anew. */
      messageId: itemId.optional(),
    }),
    none,
  ),
  /** Ends the turn, and on the host whatever it runs. Not an error when nothing runs. */
  'session.stop': call(z.object({ sessionId }), none),
  'session.delete': call(z.object({ sessionId }), none),
  /** Counts from now on. `control` is `mode`, or the id of an option of its agent's controls. */
  'session.set_control': call(
    z.object({ sessionId, control: z.string().min(1).max(200), value: z.union([z.string(), z.boolean()]) }),
    none,
  ),
  /** Signs its agent in by one of `controls.logins`; `terminal` is where it goes on, if anywhere. */
  'session.login': call(
    z.object({ sessionId, loginId: z.string().min(1).max(200) }),
    z.object({ terminal: terminal.nullable() }),
  ),
  'session.rename': call(z.object({ sessionId, title: z.string().min(1).max(200) }), none),
  /** What this agent remembers of conversations in the workspace, newest first; none where it cannot tell. */
  'session.earlier': call(
    z.object({ workspaceId, agent: agentId }),
    z.object({ sessions: z.array(earlierSession) }),
  ),
  /** The session, with what was said or anew, in a fork of its workspace on the same host or on `host`. */
  'session.fork': call(
    z.object({
      sessionId,
      withHistory: z.boolean(),
      name: z.string().min(1).max(64),
      host: z.string().min(1).max(512).nullable().default(null),
    }),
    z.object({ workspace, session }),
  ),
} as const;

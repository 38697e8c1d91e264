import { z } from 'zod';
import { agentId, attachment, BUILTIN_AGENT, earlierSession } from '../../model/agents.ts';
import { itemId, sessionId, workspaceId } from '../../model/ids.ts';
import { session } from '../../model/sessions.ts';
import { terminal } from '../../model/terminals.ts';
import { workspace } from '../../model/workspaces.ts';
import { call, none } from './call.ts';

/** Calls about sessions. See `calls`. */
export const sessionCalls = {
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

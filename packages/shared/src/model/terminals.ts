import { z } from 'zod';
import { agentId } from './agents.ts';
import { jobId, terminalId, workspaceId } from './ids.ts';

export const exit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exited'), code: z.number().int() }),
  z.object({ kind: z.literal('signaled'), signal: z.string() }),
  /** Ended by the host's reboot. */
  z.object({ kind: z.literal('rebooted') }),
  /** Gone without leaving a status: killed with its keeper. */
  z.object({ kind: z.literal('lost') }),
]);
/** How a program ended: its status, or the name of the signal that ended it (`SIGTERM`), or not known. */
export type Exit = z.infer<typeof exit>;

/** What an agent in a terminal is seen to do. `isGuess` where it does not say so itself. */
export const terminalActivity = z.object({
  state: z.enum(['idle', 'working', 'blocked', 'done', 'failed']),
  /** In a few words, as it says; null where it says nothing. */
  text: z.string().nullable(),
  isGuess: z.boolean(),
  at: z.string(),
});
export type TerminalActivity = z.infer<typeof terminalActivity>;

/** A pty with scrollback on the workspace's host; `exit` is null while its shell runs. */
export const terminal = z.object({
  id: terminalId,
  workspaceId,
  jobId,
  title: z.string(),
  rows: z.number().int(),
  cols: z.number().int(),
  exit: exit.nullable(),
  /** The agent that it was opened for; null for a shell. */
  agent: agentId.nullable(),
  /** Null where nothing in it was seen to be an agent, or to tell of its work. */
  activity: terminalActivity.nullable(),
  createdAt: z.string(),
});
export type Terminal = z.infer<typeof terminal>;

import { z } from 'zod';
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

/** A pty with scrollback on the workspace's host; `exit` is null while its shell runs. */
export const terminal = z.object({
  id: terminalId,
  workspaceId,
  jobId,
  title: z.string(),
  rows: z.number().int(),
  cols: z.number().int(),
  exit: exit.nullable(),
  createdAt: z.string(),
});
export type Terminal = z.infer<typeof terminal>;

/** What can be kept for a host that is away. */
import { hostId } from '@farhand/shared/model/hosts';
import { jobId, sessionId, workspaceId } from '@farhand/shared/model/ids';
import { z } from 'zod';

/** Each may be carried out any number of times: twice is the same as once. */
export const hostTask = z.discriminatedUnion('kind', [
  /** Ends a job's processes; its record stays. `sessionId` is the session whose transcript tells of it. */
  z.object({
    kind: z.literal('stop_job'),
    hostId,
    workspaceId: workspaceId.nullable(),
    jobId,
    sessionId: sessionId.nullable(),
  }),
  /** Ends a job and removes its folder; `agentOf` is the session whose agent it was: what that left running ends too. */
  z.object({
    kind: z.literal('remove_job'),
    hostId,
    workspaceId: workspaceId.nullable(),
    jobId,
    agentOf: sessionId.optional(),
  }),
  /** Ends and removes all jobs of a workspace, then its folder; null where none was made. */
  z.object({ kind: z.literal('clear_workspace'), hostId, workspaceId, directory: z.string().nullable() }),
  /** The same on a host that the workspace has left, or never arrived at. */
  z.object({ kind: z.literal('clear_former'), hostId, workspaceId, directory: z.string().nullable() }),
]);
export type HostTask = z.infer<typeof hostTask>;

/** What a task is about, once each: keeping it again changes nothing. */
export function taskId(task: HostTask): string {
  if (task.kind === 'clear_workspace') return `${task.kind} ${task.workspaceId}`;
  if (task.kind === 'clear_former') return `${task.kind} ${task.workspaceId} ${task.hostId}`;
  return `${task.kind} ${task.jobId}`;
}

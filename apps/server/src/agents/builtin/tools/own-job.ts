import { jobId } from '@farhand/shared/model/ids';
import type { JobRecord } from '@farhand/shared/runtime/port';
import { type ToolContext, ToolFailure } from './tool.ts';

/** A job of this workspace, for the id that the model gave. Another workspace's job is as unknown as none at all. */
export async function ownJob({ host, workspaceId }: ToolContext, id: string): Promise<JobRecord> {
  const parsed = jobId.safeParse(id);
  if (!parsed.success) throw new ToolFailure(`“${id}” is not a job id; bash gives one, as job_….`);
  const record = await host.do(({ jobs }) => jobs.get(parsed.data));
  if (record.label !== workspaceId) throw new ToolFailure(`This workspace has no job ${id}.`);
  return record;
}

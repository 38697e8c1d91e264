import type { HostId } from '@farhand/shared/model/hosts';
import { type JobId, newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { ToolCallItem, TranscriptItem } from '@farhand/shared/model/transcripts';
import { exitText } from '../agents/builtin/tools/bash/view.ts';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';

/** Deleting does not wait longer than this for a host that does not answer. */
const REMOVE_WITHIN_MS = 10_000;

/** The calls that started a job, oldest first. */
export function jobCallsOf(items: readonly TranscriptItem[]): (ToolCallItem & { jobId: JobId })[] {
  return items.flatMap((item) =>
    item.kind === 'tool_call' && item.jobId !== null ? [{ ...item, jobId: item.jobId }] : [],
  );
}

/** Where a session's jobs are. */
export interface JobsPlace {
  readonly hostId: HostId;
  readonly workspaceId: WorkspaceId;
}

/** Ends and removes jobs on their host; where it is away this returns all the same, and they go on its return. */
export async function removeJobs(
  tasks: HostTasks,
  { hostId, workspaceId }: JobsPlace,
  jobs: readonly JobId[],
): Promise<void> {
  const removals = jobs.map((jobId) =>
    tasks.do({ kind: 'remove_job', hostId, workspaceId, jobId }, { withinMs: REMOVE_WITHIN_MS }),
  );
  // What the host cannot remove now goes with the workspace.
  await Promise.allSettled(removals);
}

export interface StopTellerDeps {
  readonly tasks: HostTasks;
  readonly transcripts: Transcripts;
  readonly hasSession: (id: SessionId) => boolean;
  /** Called when its transcript has grown. */
  readonly onTold: (id: SessionId) => void;
}

/** Tells a session's transcript when a stop that was kept has been carried out: what the host says of the end, no guess. */
export function tellOfKeptStops({ tasks, transcripts, hasSession, onTold }: StopTellerDeps): void {
  const tell = (
    sessionId: SessionId,
    jobId: JobId,
    words: { exit: Exit | null; text: (title: string) => string },
  ) => {
    if (!hasSession(sessionId)) return;
    const call = jobCallsOf(transcripts.items(sessionId)).find((one) => one.jobId === jobId);
    if (!call) return;
    const writer = transcripts.writer(sessionId);
    if (words.exit && call.exit === null) writer.put({ ...call, exit: words.exit });
    writer.put({
      id: newId('item'),
      turnId: call.turnId,
      at: new Date().toISOString(),
      kind: 'notice',
      level: words.exit ? 'info' : 'warning',
      text: words.text(call.title),
    });
    writer.flush();
    onTold(sessionId);
  };
  tasks.listen({
    onCarriedOut(task, exit) {
      if (task.kind !== 'stop_job' || task.sessionId === null) return;
      const end = exit ? exitText(exit) : 'it is not on the host';
      const text = (title: string) => `The host is back: the stop of “${title}” was carried out (${end}).`;
      tell(task.sessionId, task.jobId, { exit, text });
    },
    onFailed(task, error) {
      if (task.kind !== 'stop_job' || task.sessionId === null) return;
      const text = (title: string) => `“${title}” could not be stopped: ${error.message}`;
      tell(task.sessionId, task.jobId, { exit: null, text });
    },
  });
}

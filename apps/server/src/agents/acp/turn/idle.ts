import type { SessionId } from '@farhand/shared/model/ids';
import { z } from 'zod';
import { acpSessions } from '../../../store/schema.ts';
import { SessionRecord } from '../connection/session-record.ts';
import { initializeAnswer } from '../told-controls.ts';
import { INITIALIZE } from './conversation.ts';
import type { AcpDeps } from './deps.ts';

/** What the agent answered to `initialize`, as far as it is known. */
export function knownInitialize({ state }: SessionRecord): unknown {
  const answer = state.calls.find(({ key }) => key === INITIALIZE)?.answer;
  return answer && 'result' in answer ? answer.result : null;
}

/** True where the program can be ended without a trace: nothing is under way, and the next one takes its conversation up. */
export function isAtRest(record: SessionRecord): boolean {
  const { job, open, outbox, calls } = record.state;
  const { agentCapabilities } = initializeAnswer.parse(knownInitialize(record) ?? {});
  const canTakeUp =
    agentCapabilities?.loadSession === true || agentCapabilities?.sessionCapabilities?.resume != null;
  // An answer may be here before the host said that the question was written.
  const unsent = outbox.filter((line) => !isAnswered(line, calls));
  const hasWork = open.length + unsent.length > 0 || calls.some(({ answer }) => answer === null);
  return job !== null && job.hasStarted && record.nativeId !== null && canTakeUp && !hasWork;
}

function isAnswered(line: string, calls: SessionRecord['state']['calls']): boolean {
  const { id, method } = request.parse(JSON.parse(line));
  // An answer of ours has the number of a question of theirs.
  return method !== undefined && calls.some(({ wireId, answer }) => wireId === id && answer !== null);
}

const request = z.object({ id: z.unknown().optional(), method: z.string().optional() });

/** Gives back the programs of sessions that this server has not touched since its start: they stand as a former one left them. */
export function restUntouched({ db, hostTasks, log }: AcpDeps, isTouched: (id: SessionId) => boolean): void {
  const ids = db.select({ id: acpSessions.sessionId }).from(acpSessions).all();
  for (const { id } of ids as { id: SessionId }[]) {
    if (isTouched(id)) continue;
    const record = SessionRecord.alone(db, id);
    const { job } = record.state;
    // Whether a terminal still runs is for the session itself to see.
    if (!job || !isAtRest(record) || record.terminals.length > 0) continue;
    record.reset(null);
    record.save();
    const { hostId, workspaceId } = job;
    hostTasks
      .do({ kind: 'remove_job', hostId, workspaceId, jobId: job.id })
      .catch((error: unknown) => log?.warn('acp_job.not_removed', { jobId: job.id, error }));
  }
}

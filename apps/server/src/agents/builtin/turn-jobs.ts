import type { AgentTurn } from '../agent.ts';
import type { SubAgents } from './sub-agents.ts';

/** Ends what the turn left running on its host: its commands in the background. The one that was stopped is seen to already. */
export async function stopTurnJobs({ readItems, turnId, place }: AgentTurn): Promise<void> {
  const jobs = readItems().flatMap((item) =>
    item.kind === 'tool_call' &&
    item.turnId === turnId &&
    item.jobId !== null &&
    item.exit === null &&
    item.state !== 'stopped'
      ? [item.jobId]
      : [],
  );
  // Also one that was chosen and did not start yet, or was on its way: the stop looks for it again.
  await Promise.all(jobs.map((jobId) => place.stopJob(jobId)));
}

/** Ends the sub-agents that work for this turn. */
export async function stopTurnChildren(
  { readItems, turnId }: AgentTurn,
  subAgents: SubAgents,
): Promise<void> {
  const children = readItems().flatMap((item) =>
    item.kind === 'tool_call' && item.turnId === turnId && item.endedAt === null && item.childSessionId
      ? [item.childSessionId]
      : [],
  );
  await Promise.all(children.map((child) => subAgents.stop(child)));
}

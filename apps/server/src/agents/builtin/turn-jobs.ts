import type { AgentTurn } from '../agent.ts';

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

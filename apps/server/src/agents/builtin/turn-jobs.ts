import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AgentTurn } from '../agent.ts';
import { stopJob } from './tools/bash/stop.ts';

/** Ends what the turn left running on its host: its commands in the background. */
export async function stopTurnJobs({ readItems, turnId, place }: AgentTurn): Promise<void> {
  const jobs = readItems().flatMap((item) =>
    item.kind === 'tool_call' && item.turnId === turnId && item.jobId !== null && item.exit === null
      ? [item.jobId]
      : [],
  );
  await Promise.all(
    jobs.map(async (jobId) => {
      try {
        await stopJob(place.runtime, jobId);
      } catch (thrown) {
        // Chosen but not started yet when the stop came.
        if (!FarhandError.is(thrown, 'job.not_found')) throw thrown;
      }
    }),
  );
}

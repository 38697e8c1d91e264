import { exitText } from '../bash/view.ts';
import { ownJob } from '../own-job.ts';
import type { Tool } from '../tool.ts';
import { type StopJobInput, stopJobInput } from './schema.ts';
import { stopJobTitle } from './view.ts';

/** Ends a job that runs in the background. Ending it twice is the same as once. */
export const stopJobTool: Tool<StopJobInput> = {
  name: 'stop_job',
  description: 'Ends a job that bash started in the background, with all its processes.',
  input: stopJobInput,
  effect: 'read',
  title: stopJobTitle,
  async run({ job }, context) {
    const { id } = await ownJob(context, job);
    const exit = await context.host.do(({ jobs }) => jobs.stop(id));
    return { text: `The job has ended: ${exitText(exit)}.`, exit };
  },
};

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { wrapRuntime } from '../../runtimes/wrapped-runtime.ts';

/**
 * The runtime, but a job that is not on the host yet starts only where `check` does not throw. One that is there is
 * joined as ever: a lost connection under a running job is no new start.
 */
export function guardJobStarts(runtime: Runtime, check: () => Promise<void>): Runtime {
  const { jobs } = runtime;
  const isThere = async (id: JobId) => {
    try {
      await jobs.get(id);
      return true;
    } catch (error) {
      if (FarhandError.is(error, 'job.not_found')) return false;
      throw error;
    }
  };
  const admit = async (id: JobId) => {
    try {
      await check();
    } catch (refusal) {
      if (!(await isThere(id))) throw refusal;
    }
  };
  return wrapRuntime(runtime, {
    jobs: {
      async start(spec) {
        await admit(spec.id);
        return jobs.start(spec);
      },
      async attach(id, options) {
        if (options.start) await admit(id);
        return jobs.attach(id, options);
      },
    },
  });
}

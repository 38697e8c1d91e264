import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId } from '@farhand/shared/model/ids';
import type { Jobs, Runtime } from '@farhand/shared/runtime/port';

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
  const guarded: Jobs = {
    async start(spec) {
      await admit(spec.id);
      return jobs.start(spec);
    },
    async attach(id, options) {
      if (options.start) await admit(id);
      return jobs.attach(id, options);
    },
    get: (id) => jobs.get(id),
    list: (label) => jobs.list(label),
    write: (id, offset, bytes) => jobs.write(id, offset, bytes),
    read: (id, stream, offset, limit) => jobs.read(id, stream, offset, limit),
    resize: (id, rows, cols) => jobs.resize(id, rows, cols),
    signal: (id, signal) => jobs.signal(id, signal),
    stop: (id, options) => jobs.stop(id, options),
    remove: (id) => jobs.remove(id),
  };
  // Methods of classes need their own object; everything but the jobs goes to it.
  return new Proxy(runtime, {
    get(target, name) {
      if (name === 'jobs') return guarded;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

import type { JobSpec, Runtime } from '@farhand/shared/runtime/port';
import type { Protect } from '../protection/protect.ts';
import { wrapRuntime } from '../runtimes/wrapped-runtime.ts';
import type { HostRecords } from './records/host-records.ts';

/** Gives all that is started in a workspace the variables of its host's record; what the job itself brings comes first. */
export function hostEnvironment(records: Pick<HostRecords, 'get'>): Protect {
  return (runtime) => withHostEnvironment(runtime, records);
}

/** As `hostEnvironment`, for what runs on a host without a workspace. The record is read at each start. */
export function withHostEnvironment(runtime: Runtime, records: Pick<HostRecords, 'get'>): Runtime {
  const added = () => records.get(runtime.hostId)?.environment ?? {};
  const withEnvironment = (spec: JobSpec): JobSpec => ({ ...spec, env: { ...added(), ...spec.env } });
  return wrapRuntime(runtime, {
    jobs: {
      start: (spec) => runtime.jobs.start(withEnvironment(spec)),
      attach: (id, options) =>
        runtime.jobs.attach(
          id,
          options.start ? { ...options, start: withEnvironment(options.start) } : options,
        ),
    },
  });
}

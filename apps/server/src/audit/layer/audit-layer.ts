import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { JobUse } from '../../protection/job-use.ts';
import { wrapRuntime } from '../../runtimes/wrapped-runtime.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import { isContactLost, isTakenAway } from '../../workspaces/follow-job.ts';
import type { Audit } from '../audit.ts';
import type { AuditPlace, SandboxOf } from './entries.ts';
import { createJobRecords } from './job-records.ts';
import { recordedExec } from './recorded-exec.ts';
import { recordedFiles } from './recorded-files.ts';

/** A layer for workspaces, which also records what is done on a host outside of all. */
type AuditLayer = (runtime: Runtime, place: AuditPlace, use: JobUse) => Runtime;

export interface AuditLayerDeps {
  readonly audit: Audit;
  readonly redactor: (projectId: ProjectId) => Redactor;
  /** The sandbox that counts there, by its name; not told where not given. */
  readonly sandboxOf?: SandboxOf;
}

/**
 * Puts on record what starts before it starts, and how it ended: jobs of every use; commands and files of all but the
 * server's own looks. Where the record cannot be written, `audit.unwritable` is thrown and nothing starts. Asks the host
 * nothing on the way to a job that is new.
 */
export function createAuditLayer(deps: AuditLayerDeps): AuditLayer {
  const records = createJobRecords(deps);
  return (runtime, place, use) => {
    const at = { runtime, place, use };
    const { jobs } = runtime;
    const isLook = use.by.kind === 'server' && use.kind !== 'init';
    return wrapRuntime(runtime, {
      jobs: {
        async start(spec) {
          const isNew = await records.admit(at, spec);
          await jobs.start(spec).catch((thrown: unknown) => {
            if (isNotBegun(thrown, isNew)) records.notStarted(at, spec.id, thrown);
            throw thrown;
          });
        },
        async attach(id, options) {
          const isNew = options.start ? await records.admit(at, options.start) : false;
          const capture = records.capture(at, id, options.after);
          const exit = await jobs
            .attach(id, {
              ...options,
              onOutput(stream, offset, bytes) {
                capture?.take(stream, offset, bytes);
                return options.onOutput(stream, offset, bytes);
              },
              onMissed(stream, from, to) {
                capture?.missed(stream, from, to);
                options.onMissed?.(stream, from, to);
              },
            })
            .catch(async (thrown: unknown) => {
              // Gone from the host: a later start under its id is another job.
              if (FarhandError.is(thrown, 'job.not_found')) await records.ended(at, id, { kind: 'removed' });
              else if (options.start && isNotBegun(thrown, isNew)) records.notStarted(at, id, thrown);
              throw thrown;
            });
          if (exit !== 'detached') await records.ended(at, id, exit);
          return exit;
        },
        async stop(id, options) {
          const exit = await jobs.stop(id, options);
          await records.ended(at, id, exit);
          return exit;
        },
        async remove(id) {
          await jobs.remove(id);
          await records.ended(at, id, { kind: 'removed' });
        },
      },
      ...(isLook ? {} : { exec: recordedExec(deps, at), files: recordedFiles(deps, at) }),
    });
  };
}

// Lost contact says nothing of a job. A host that was taken away began nothing new, but may run what was asked for before.
const isNotBegun = (thrown: unknown, isNew: boolean): boolean =>
  !isContactLost(thrown) || (isNew && isTakenAway(thrown));

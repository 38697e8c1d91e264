import type { Command, JobSpec } from '@farhand/shared/runtime/port';
import type { Log } from '../logging/log.ts';
import type { JobUse } from '../protection/job-use.ts';
import type { Protect, ProtectedPlace } from '../protection/protect.ts';
import { wrapRuntime } from '../runtimes/wrapped-runtime.ts';
import { isContactLost } from '../workspaces/follow-job.ts';
import type { ListenerPlace } from './host/listeners.ts';
import type { OperationFolder, OperationSubject } from './host/operation-folder.ts';
import type { OperationTokens } from './token.ts';

interface LayerDeps {
  readonly tokens: OperationTokens;
  readonly ready: (place: ListenerPlace, subject: OperationSubject) => Promise<OperationFolder>;
  /** True where an operation is defined for this use of the place. */
  readonly isWanted: (place: ProtectedPlace, use: JobUse) => boolean;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

/** See `Operations.layer`. Outside of the sandbox's layer, so that what it adds is inside of the sandbox. */
export function createOperationLayer({ tokens, ready, isWanted, log }: LayerDeps): Protect {
  return (runtime, place, use) => {
    if (use.kind === 'init' || use.isOurs || use.by.kind === 'server') return runtime;
    // It would pass for a terminal of the person's: other programs ask by the API, under their own name.
    if (use.sessionId === null && (use.by.kind === 'token' || use.by.kind === 'agent')) return runtime;
    const { workspaceId, hostId } = place;
    const equipped = async (spec: JobSpec): Promise<JobSpec> => {
      if (!isWanted(place, use)) return spec;
      try {
        const subject = use.sessionId ?? workspaceId;
        const { folder, programs } = await ready({ workspaceId, hostId }, subject);
        const token = tokens.make({ workspaceId, sessionId: use.sessionId });
        const env = { ...spec.env, FARHAND_OP_FOLDER: folder, FARHAND_OP_TOKEN: token };
        return { ...spec, env, command: withPath(spec.command, programs) };
      } catch (thrown) {
        // The host is away, and so it will be for the job.
        if (isContactLost(thrown)) throw thrown;
        log?.warn('operation_layer.failed', { workspaceId, hostId, error: thrown });
        return spec;
      }
    };
    const { jobs } = runtime;
    return wrapRuntime(runtime, {
      jobs: {
        start: async (spec) => jobs.start(await equipped(spec)),
        async attach(id, options) {
          if (!options.start) return jobs.attach(id, options);
          return jobs.attach(id, { ...options, start: await equipped(options.start) });
        },
      },
    });
  };
}

// What a login shell on the host has as its PATH is known there alone.
const WITH_PATH = 'PATH="$1:$PATH"; export PATH; shift; exec "$@"';

function withPath(command: Command, programs: string): Command {
  if ('script' in command)
    return { script: `PATH="\${FARHAND_OP_FOLDER%/*}/bin:$PATH"; export PATH\n${command.script}` };
  return { argv: ['sh', '-c', WITH_PATH, 'farhand', programs, ...command.argv] };
}

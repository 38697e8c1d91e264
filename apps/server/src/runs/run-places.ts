import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import type { ProjectId, SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Run } from '@farhand/shared/model/runs';
import type { Environment, Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { JobKind } from '../protection/job-use.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

/** Where a run happens. */
export interface RunPlace {
  /** What starts by it is on record, and in the sandbox. */
  readonly runtime: Runtime;
  readonly env: Environment;
  readonly redactor: Redactor;
  /** Absolute; asks the host for its home folder where nothing says one. */
  readonly cwd: () => Promise<string>;
}

export interface RunPlacesDeps {
  readonly runtimes: Pick<Runtimes, 'for'>;
  readonly workspaces: Pick<Workspaces, 'get' | 'ready'>;
  readonly secrets: Pick<Secrets, 'environment' | 'redactor'>;
  /** Throws `host.*` for a host that must not be used any more; gives the folder that commands there begin in. */
  readonly hostDirectory: (id: HostId) => string | null;
  /** With the variables of the host's record. */
  readonly hostEnvironment: (runtime: Runtime) => Runtime;
  /** The runtime, but all that is started on a host outside of workspaces is on record. */
  readonly recorded: (
    runtime: Runtime,
    use: { readonly by: Actor; readonly sessionId: SessionId | null; readonly profile: string | null },
  ) => Runtime;
  /** The runtime, but what starts runs in this profile. Throws `sandbox.*`. */
  readonly sandboxed: (runtime: Runtime, how: { profile: string; directory: string | null }) => Runtime;
}

export interface RunPlaces {
  /** Throws `workspace.*`, `host.*`, `sandbox.*`. */
  of(
    run: Pick<Run, 'hostId' | 'workspaceId' | 'cwd' | 'profile' | 'by' | 'sessionId' | 'operation'>,
  ): RunPlace;
  /** For what is shown of it, also where it cannot run. */
  redactor(workspaceId: WorkspaceId | null): Redactor;
}

/** No project has it: what is covered for it are the secrets of hosts and those of everywhere. */
export const NO_PROJECT = `prj_${'a'.repeat(20)}` as ProjectId;

export function createRunPlaces(deps: RunPlacesDeps): RunPlaces {
  const { runtimes, workspaces, secrets, hostDirectory, hostEnvironment, recorded, sandboxed } = deps;
  const redactor = (id: WorkspaceId | null): Redactor => {
    try {
      return secrets.redactor(id === null ? NO_PROJECT : workspaces.get(id).projectId);
    } catch (thrown) {
      if (FarhandError.is(thrown, 'workspace.not_found')) return secrets.redactor(NO_PROJECT);
      throw thrown;
    }
  };
  const inProfile = (runtime: Runtime, profile: string | null, directory: string | null) =>
    profile === null || profile === 'none' ? runtime : sandboxed(runtime, { profile, directory });
  return {
    redactor,
    of({ hostId, workspaceId, cwd, profile, by, sessionId, operation }) {
      if (workspaceId !== null) {
        const kind = kindOf(by, operation);
        const { runtime, directory, workspace } = workspaces.ready(workspaceId, {
          kind,
          sessionId,
          by,
          // “none” is a word for no wish: a workspace's own sandbox is not left by a run.
          profile: profile === 'none' ? null : profile,
        });
        // A profile that there is none of is said at once, before anybody is asked.
        inProfile(runtime, profile, directory);
        const { projectId } = workspace;
        return {
          runtime,
          env: secrets.environment({ projectId, hostId: workspace.hostId }, kind),
          redactor: secrets.redactor(projectId),
          cwd: async () => posix.resolve(directory, cwd ?? '.'),
        };
      }
      const directory = hostDirectory(hostId);
      const runtime = runtimes.for(hostId);
      // The last one is asked first, as in a workspace: what is on record is what was asked for.
      const inSandbox = inProfile(hostEnvironment(runtime), profile, directory);
      return {
        runtime: recorded(inSandbox, { by, sessionId, profile }),
        // A command outside of all workspaces is nobody's work on a project: it gets no secret unless it is asked for.
        env: {},
        redactor: redactor(null),
        cwd: async () => cwdOnHost(directory, cwd, async () => (await runtime.facts()).home),
      };
    },
  };
}

// What another program wants is no command of a person's, unless a person defined it.
function kindOf({ kind }: Actor, operation: string | null): JobKind {
  const isPersons = kind === 'page' || kind === 'cli' || operation !== null;
  return isPersons ? 'terminal' : 'agent';
}

async function cwdOnHost(
  directory: string | null,
  cwd: string | null,
  home: () => Promise<string>,
): Promise<string> {
  const fromHome = async (path: string) => posix.resolve(await home(), path.replace(/^~\/?/, './'));
  if (cwd !== null && posix.isAbsolute(cwd)) return cwd;
  if (cwd?.startsWith('~')) return fromHome(cwd);
  const base =
    directory !== null && posix.isAbsolute(directory) ? directory : await fromHome(directory ?? '.');
  return posix.resolve(base, cwd ?? '.');
}

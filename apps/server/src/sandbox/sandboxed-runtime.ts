import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import { newNonce } from '@farhand/shared/runtime/bytes';
import type { Command, ExecOptions, JobSpec, Runtime } from '@farhand/shared/runtime/port';
import { quote } from '@farhand/shared/runtime/quote';
import { RefusalReader } from '@farhand/shared/runtime/refusal';
import { wrapRuntime } from '../runtimes/wrapped-runtime.ts';
import { refusedPath } from './files/errors.ts';
import { sandboxedFiles } from './files/sandboxed-files.ts';
import type { Checks } from './host/checks.ts';
import type { Survey } from './host/survey.ts';
import { sandboxScript } from './plan/command.ts';
import { accessOf, isInside, type Place, placesFor } from './plan/places.ts';
import { carried } from './plan/variables.ts';
import type { Profile } from './profiles/profile.ts';

/** What a runtime's sandbox is made of. */
export interface SandboxOf {
  readonly checks: Checks;
  /** As of now: asked again for each start. */
  readonly profile: () => Profile;
  /** The workspace, or another folder to work in; null where there is none. */
  readonly directory: string | null;
  readonly agents: readonly string[];
  /** Folders with secrets of this workspace, once the home folder is known. */
  readonly secrets: (home: string) => readonly string[];
  /** Folders in which jobs leave requests for Farhand; none where not given. */
  readonly requests?: (home: string) => readonly string[];
  /** True where it is done outside on a host that can never make sandboxes: nothing has run in one there either. */
  readonly isOptional?: boolean;
  /** What the folder of the workspace's own on the host is called; null where there is none. */
  readonly own: string | null;
}

interface Inside {
  readonly places: readonly Place[];
  readonly home: string;
  /** The command in the sandbox. Throws `sandbox.refused` for a folder that is hidden in it. */
  command(command: Command, cwd: string, variables: readonly string[]): Command;
}

/**
 * The runtime, but what it starts runs in a sandbox, and its files are those that one sees there. Nothing starts where
 * that cannot be: `sandbox.unavailable`, `sandbox.refused`, `sandbox.profile_not_found`.
 */
export function sandboxedRuntime(runtime: Runtime, sandbox: SandboxOf): Runtime {
  const enter = async (): Promise<Inside | null> => {
    const profile = sandbox.profile();
    if (profile.name === NO_SANDBOX) return null;
    try {
      return insideOf(sandbox, profile, await sandbox.checks.ready(runtime, profile));
    } catch (error) {
      const isLeftOut =
        sandbox.isOptional &&
        FarhandError.is(error, 'sandbox.unavailable') &&
        sandbox.checks.isImpossible(runtime, error.details.reason);
      if (isLeftOut) return null;
      throw error;
    }
  };
  const enterJob = async (spec: JobSpec): Promise<JobSpec> => {
    const inside = await enter();
    if (inside === null) return spec;
    const command = inside.command(spec.command, spec.cwd, Object.keys(spec.env ?? {}));
    return { ...spec, command, env: carried(spec.env) };
  };
  const exec: Runtime['exec'] = async (command, options = {}) => {
    const inside = await enter();
    return inside === null
      ? await runtime.exec(command, options)
      : await execInside(runtime, inside, command, options);
  };
  const files = sandboxedFiles(runtime.files, async () => {
    const inside = await enter();
    if (inside === null) return null;
    return {
      places: inside.places,
      exec: (command, options = {}) => execInside(runtime, inside, command, options),
    };
  });
  const { jobs } = runtime;
  return wrapRuntime(runtime, {
    exec,
    files,
    jobs: {
      start: async (spec) => await jobs.start(await enterJob(spec)),
      async attach(id, options) {
        const { start, ...others } = options;
        if (start === undefined) return await jobs.attach(id, options);
        let inside: JobSpec;
        try {
          inside = await enterJob(start);
        } catch (error) {
          // One that runs already is joined all the same, and never started outside.
          const isThere = await jobs.get(id).then(
            () => true,
            () => false,
          );
          if (!isThere) throw error;
          return await jobs.attach(id, others);
        }
        return await jobs.attach(id, { ...options, start: inside });
      },
    },
  });
}

function insideOf(sandbox: SandboxOf, profile: Profile, survey: Survey): Inside {
  const { directory, agents, own } = sandbox;
  const { home } = survey;
  const places = placesFor({
    ...survey,
    profile,
    directory,
    agents,
    secrets: sandbox.secrets(home),
    requests: sandbox.requests?.(home) ?? [],
    hasOwn: own !== null,
  });
  const ownFolder = own === null ? null : ownFolderOf(home, own);
  return {
    places,
    home,
    command(command, cwd, variables) {
      const isSeen = accessOf(places, cwd) !== 'hidden' || places.some(({ path }) => isInside(cwd, path));
      if (!isSeen) throw refusedPath(cwd, 'is hidden');
      return { script: sandboxScript({ profile, survey, places, ownFolder, cwd, command, variables }) };
    },
  };
}

/** Where a host keeps what lasts of a workspace's sandboxes, as their /tmp. */
function ownFolderOf(home: string, workspace: string): string {
  return `${home}/.farhand/sandbox/${workspace}`;
}

// As exec without a sandbox: what is no program there is `command.not_found` and not a status.
async function execInside(
  runtime: Runtime,
  inside: Inside,
  command: Command,
  options: ExecOptions,
): ReturnType<Runtime['exec']> {
  const { env, cwd = inside.home, onStderr } = options;
  const variables = Object.keys(env ?? {});
  // The one place that is surely there for the host's own shell; the folder is entered inside.
  const outside = { ...options, env: carried(env), cwd: '/' };
  if ('script' in command) return await runtime.exec(inside.command(command, cwd, variables), outside);
  const [program] = command.argv;
  const mark = `\u0001farhand:${newNonce()}:`;
  const script = `command -v -- ${quote(program)} >/dev/null || { printf '%s\\n' ${quote(`${mark}missing`)} >&2; exit 127; }
exec ${command.argv.map(quote).join(' ')}`;
  const wrapped = inside.command({ script }, cwd, variables);
  const missing = () =>
    new FarhandError('command.not_found', {
      message: `There is no program ${program} in the sandbox of this workspace.`,
      details: { program },
    });
  if (!onStderr) {
    const result = await runtime.exec(wrapped, outside);
    if (new TextDecoder().decode(result.stderr.subarray(0, 100)).startsWith(mark)) throw missing();
    return result;
  }
  const reader = new RefusalReader(mark, onStderr);
  const result = await runtime.exec(wrapped, { ...outside, onStderr: (bytes) => void reader.push(bytes) });
  if ((await reader.end()) !== null) throw missing();
  return result;
}

/** The sandbox that jobs run in on their hosts. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { NO_SANDBOX, type SandboxCheck, type SandboxProfile } from '@farhand/shared/model/sandbox';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { ConfigFile } from '../config/config-file.ts';
import type { JobUse } from '../protection/job-use.ts';
import type { Protect, ProtectedPlace } from '../protection/protect.ts';
import { createChecks } from './host/checks.ts';
import { AGENT_STATE } from './plan/known-paths.ts';
import { type Profile, shownProfile } from './profiles/profile.ts';
import { createProfiles, type Profiles } from './profiles/profiles.ts';
import { sandboxedRuntime } from './sandboxed-runtime.ts';

export interface Sandboxes {
  /** Ours first. */
  profiles(): SandboxProfile[];
  /** Throws `sandbox.profile_not_found`, `sandbox.profile_invalid`. */
  profile(name: string): SandboxProfile;
  /** Which of the person's own cannot be used, and why. */
  problems(): string[];
  /** Where the person's own are written. */
  readonly file: string;
  /** Tries it on the host now. Throws as `profile`, and `host.*`. */
  check(hostId: HostId, profile: string): Promise<SandboxCheck>;
  /** In the profile of the session, or of the workspace, as it is at each start. */
  readonly layer: Protect;
  /**
   * In this profile, for what belongs to no workspace. A folder that holds the home folder is not shown for being worked
   * in. Throws `sandbox.profile_not_found`, `sandbox.profile_invalid`.
   */
  wrap(runtime: Runtime, how: { profile: string; directory: string | null }): Runtime;
  /**
   * For what Farhand itself looks at in a workspace, whose repository an agent may have set a trap in: without network,
   * where the workspace has a sandbox; the runtime itself where it has none.
   */
  lookFrom(runtime: Runtime, place: { workspaceId: WorkspaceId; directory: string }): Runtime;
}

export interface SandboxesDeps {
  readonly config: Pick<ConfigFile, 'path' | 'read' | 'problem'>;
  readonly runtimes: Pick<Runtimes, 'for'>;
  /** The name of the profile that counts now. */
  readonly profileOf: (
    place: { readonly workspaceId: WorkspaceId | null },
    use: Pick<JobUse, 'sessionId'>,
  ) => string;
  /** True where a session of the workspace has a sandbox of its own; false where not given. */
  readonly hasSandboxed?: (id: WorkspaceId) => boolean;
  /** The folder on the host with the secrets of this workspace that are files. */
  readonly secretFolders?: (home: string, id: WorkspaceId, kind: JobUse['kind']) => readonly string[];
  /** By which `farhand-op` of a session, or of the workspace's terminals, asks; only `requests` is written from inside. */
  readonly operationFolder?: (
    home: string,
    id: WorkspaceId,
    subject: SessionId | WorkspaceId,
  ) => { shown: readonly string[]; requests: string };
}

export function createSandboxes({
  config,
  runtimes,
  profileOf,
  hasSandboxed = () => false,
  secretFolders,
  operationFolder,
}: SandboxesDeps): Sandboxes {
  const profiles = createProfiles(config);
  const checks = createChecks();
  const ours = (
    runtime: Runtime,
    { workspaceId, directory }: Pick<ProtectedPlace, 'workspaceId' | 'directory'>,
  ) =>
    sandboxedRuntime(runtime, {
      checks,
      profile: () => {
        const isFree = profileOf({ workspaceId }, { sessionId: null }) === NO_SANDBOX;
        return profiles.get(isFree && !hasSandboxed(workspaceId) ? NO_SANDBOX : 'offline');
      },
      isOptional: true,
      directory,
      agents: [],
      secrets: () => [],
      own: null,
    });
  return {
    profiles: () => profiles.all().map(shownProfile),
    profile: (name) => shownProfile(profiles.get(name)),
    problems: profiles.problems,
    file: profiles.file,
    check: async (hostId, name) => await checks.check(runtimes.for(hostId), profiles.get(name)),
    layer(runtime, place, use) {
      if (use.isOurs) return ours(runtime, place);
      const { workspaceId, directory } = place;
      const operations = (home: string) => {
        const folder = operationFolder?.(home, workspaceId, use.sessionId ?? workspaceId);
        return folder ? { shown: folder.shown, requests: [folder.requests] } : { shown: [], requests: [] };
      };
      return sandboxedRuntime(runtime, {
        checks,
        profile: () => withWish(profiles.get(profileOf(place, use)), use.profile ?? null, profiles),
        directory,
        agents: agentsOf(use),
        secrets: (home) => [
          ...(secretFolders?.(home, workspaceId, use.kind) ?? []),
          ...operations(home).shown,
        ],
        requests: (home) => operations(home).requests,
        own: workspaceId,
      });
    },
    wrap(runtime, { profile, directory }) {
      profiles.get(profile);
      return sandboxedRuntime(runtime, {
        checks,
        profile: () => profiles.get(profile),
        directory,
        agents: [],
        secrets: () => [],
        own: null,
      });
    },
    lookFrom: ours,
  };
}

// A person may start any agent in a terminal; a repository's setup none.
function agentsOf({ kind, by }: JobUse): readonly string[] {
  if (kind === 'terminal') return Object.keys(AGENT_STATE);
  // A token is called as its maker likes.
  return kind === 'agent' && by.kind !== 'token' && by.name !== null ? [by.name] : [];
}

// Whoever runs one command may ask for less than the workspace allows, never for more.
function withWish(usual: Profile, wish: string | null, profiles: Profiles): Profile {
  if (wish === null || wish === usual.name) return usual;
  const wanted = profiles.get(wish);
  if (usual.name === NO_SANDBOX || isWithin(wanted, usual)) return wanted;
  throw new FarhandError('sandbox.refused', {
    message: `The sandbox “${wish}” allows more than “${usual.name}”, that of the workspace.`,
    details: { profile: wish },
  });
}

function isWithin(wanted: Profile, usual: Profile): boolean {
  const rank = { hidden: 0, read: 1, write: 2 };
  const isPart = (part: readonly string[], whole: readonly string[]) =>
    part.every((one) => whole.includes(one));
  return (
    wanted.name !== NO_SANDBOX &&
    rank[wanted.workspace] <= rank[usual.workspace] &&
    (usual.network || !wanted.network) &&
    (usual.nested || !wanted.nested) &&
    isPart(wanted.read, [...usual.read, ...usual.write]) &&
    isPart(wanted.write, usual.write) &&
    isPart(usual.hide, wanted.hide)
  );
}

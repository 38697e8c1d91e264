import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { SandboxCheck, SandboxReason } from '@farhand/shared/model/sandbox';
import type { Runtime } from '@farhand/shared/runtime/port';
import { sandboxScript } from '../plan/command.ts';
import { placesFor } from '../plan/places.ts';
import type { Profile } from '../profiles/profile.ts';
import { type Refusal, refusalBefore, refusalOf } from './reasons.ts';
import { type Survey, surveyHost } from './survey.ts';

/** Whether sandboxes work on hosts, tried there. */
export interface Checks {
  /** Tries it now, whatever is known. Throws `host.*`. */
  check(runtime: Runtime, profile: Profile): Promise<SandboxCheck>;
  /**
   * What the host has, once a sandbox of this profile is known to work there: tried once in a connection. What does not
   * work is tried again by the next call. Throws `sandbox.unavailable`, `host.*`.
   */
  ready(runtime: Runtime, profile: Profile): Promise<Survey>;
  /** True where no sandbox could ever be made on its host, for a reason that no job there can bring about. */
  isImpossible(runtime: Runtime, reason: unknown): boolean;
}

/** A job that takes all processes or namespaces of its account can bring about the others. */
const LASTING: readonly SandboxReason[] = [
  'system',
  'missing',
  'too_old',
  'user_namespaces_off',
  'apparmor',
  'container',
];
/** What a host allows may change while it stays connected. */
const FRESH_MS = 10 * 60_000;
const TIMEOUT_MS = 20_000;

interface Known {
  readonly until: number;
  readonly survey: Promise<Survey>;
  readonly working: Map<string, Promise<Refusal | null>>;
}

export function createChecks(now: () => number = () => performance.now()): Checks {
  const known = new Map<string, Known>();
  const watched = new Set<string>();
  const worked = new Set<string>();

  const of = (runtime: Runtime): Known => {
    const { hostId } = runtime;
    const before = known.get(hostId);
    if (before && before.until > now()) return before;
    const fresh = { until: now() + FRESH_MS, survey: surveyHost(runtime), working: new Map() };
    known.set(hostId, fresh);
    fresh.survey.catch(() => known.delete(hostId));
    if (!watched.has(hostId)) {
      watched.add(hostId);
      // The next connection may reach a machine that started anew, or another one.
      runtime.watchConnection(({ state }) => state !== 'connected' && known.delete(hostId));
    }
    return fresh;
  };

  return {
    async check(runtime, profile) {
      known.delete(runtime.hostId);
      const survey = await of(runtime).survey;
      return shownCheck(runtime, { profile, survey, refusal: await tryOut(runtime, survey, profile) });
    },
    async ready(runtime, profile) {
      const { survey, working } = of(runtime);
      const found = await survey;
      const key = JSON.stringify(profile);
      const trying = working.get(key) ?? tryOut(runtime, found, profile);
      working.set(key, trying);
      const refusal = await trying.catch((error: unknown) => {
        working.delete(key);
        throw error;
      });
      if (refusal === null) {
        worked.add(runtime.hostId);
        return found;
      }
      known.delete(runtime.hostId);
      throw unavailable(runtime, profile, refusal);
    },
    isImpossible: ({ hostId }, reason) => !worked.has(hostId) && LASTING.some((one) => one === reason),
  };
}

async function tryOut(runtime: Runtime, survey: Survey, profile: Profile): Promise<Refusal | null> {
  const before = refusalBefore(survey) ?? limitRefusal(survey, profile);
  if (before) return before;
  const places = placesFor({ ...survey, profile, directory: null, agents: [], secrets: [], hasOwn: false });
  const script = sandboxScript({
    profile,
    survey,
    places,
    ownFolder: null,
    cwd: '/',
    command: { script: 'echo works' },
    variables: [],
  });
  for (let tries = 1; ; tries += 1) {
    const { outcome, stdout, stderr } = await runtime.exec({ script }, { timeoutMs: TIMEOUT_MS });
    if (outcome.kind === 'exited' && outcome.code === 0 && new TextDecoder().decode(stdout) === 'works\n')
      return null;
    const said = new TextDecoder().decode(stderr).slice(-4000);
    if (tries === MOST_TRIES || !REPLACED.test(said)) return refusalOf(said, survey);
  }
}

/** A file was replaced on the host at that very moment, as `passwd` does with its own: the next try finds the new one. */
const REPLACED = /Unable to remount destination/;
const MOST_TRIES = 3;

function limitRefusal({ systemd, isRoot }: Survey, { limits }: Profile): Refusal | null {
  if (systemd !== null) return null;
  const missing = (what: string): Refusal => ({
    reason: 'limits',
    message: `The host cannot keep the limit “${what}”: systemd takes no scope of this account there.`,
    fix: `Run a systemd user session on the host (as by “loginctl enable-linger”), or take “${what}” out of the profile.`,
    command: null,
  });
  if (limits.cpu !== null) return missing('cpu');
  // The kernel counts no processes of root.
  return limits.processes !== null && isRoot ? missing('processes') : null;
}

function shownCheck(
  { hostId }: Runtime,
  { profile, survey, refusal }: { profile: Profile; survey: Survey; refusal: Refusal | null },
): SandboxCheck {
  return {
    hostId,
    profile: profile.name,
    works: refusal === null,
    reason: refusal?.reason ?? null,
    message:
      refusal?.message ?? `Sandboxes work here, by bubblewrap ${survey.version ?? ''}.`.replace(' .', '.'),
    fix: refusal?.fix ?? null,
    command: refusal?.command ?? null,
    version: survey.version,
    limits: refusal === null ? (survey.systemd === null ? 'ulimit' : 'systemd') : null,
  };
}

function unavailable({ hostId }: Runtime, profile: Profile, refusal: Refusal): FarhandError {
  const { reason, message, fix, command } = refusal;
  return new FarhandError('sandbox.unavailable', {
    message: `The sandbox “${profile.name}” does not work on ${hostId === LOCAL_HOST ? 'this machine' : hostId}, so nothing was started. ${message}`,
    hint: `${fix} Or run this session without the sandbox, which is put on record.`,
    details: { hostId, profile: profile.name, reason, command },
  });
}

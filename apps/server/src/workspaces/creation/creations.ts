/** Makes workspaces: a list of stored steps that goes on from wherever it stopped. */
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { Projects } from '../../projects/projects.ts';
import type { Protect } from '../../protection/protect.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Archives } from '../archive/archives.ts';
import { runScript } from '../host-script.ts';
import { createQueues } from '../queues.ts';
import type { WorkspaceRecords } from '../records.ts';
import { createSlots } from '../slots.ts';
import { failStep, nextStep, resetSteps } from '../steps.ts';
import { deliver } from './deliver.ts';
import type { Forking } from './forking.ts';
import { hasInitOf } from './init-present.ts';
import { createMaking, type Making } from './making.ts';
import { runSetup } from './setup.ts';

export interface Creations {
  /** Goes on from the first step that is not done, in the background. Does nothing while it is under way. */
  start(id: WorkspaceId): void;
  /** Stops it and waits until it stopped; what was under way on the host is ended. */
  cancel(id: WorkspaceId): Promise<void>;
  /** As `cancel` for all; they stay `creating`, so that the next server goes on with them. */
  cancelAll(): Promise<void>;
}

export interface CreationsDeps {
  readonly records: WorkspaceRecords;
  readonly runtimes: Runtimes;
  readonly protect: Protect;
  readonly projects: Projects;
  readonly secrets: Secrets;
  readonly archives: Archives;
  readonly scratchDirectory: string;
  /** Brings what a fork is to hold to the server first. */
  readonly captureFork: Forking['capture'];
  readonly hooks: CreationHooks;
}

/** Of a workspace that is made because it moves. */
export interface CreationHooks {
  /** All is on the host; called before the workspace is ready. */
  arriving(id: WorkspaceId): Promise<void>;
  arrived(id: WorkspaceId): void;
  /** True where that is taken care of: then it does not become `failed`. */
  failed(id: WorkspaceId, error: FarhandError): boolean;
}

/** Creations of one comparison at a time: more would only share the line. */
const COMPARED_AT_ONCE = 4;

/** Older ones have no `--template=` without a value, no `GIT_CONFIG_GLOBAL` and other refusals. */
const LEAST_GIT = [2, 20] as const;

const ASK_GIT_TIMEOUT_MS = 10_000;
const CANCEL_WAIT_MS = 5000;

export function createCreations(deps: CreationsDeps): Creations {
  const running = new Map<WorkspaceId, { stop: AbortController; ended: Promise<void> }>();
  // Workspaces of one project on one host share a cache there: one transfer at a time, so the next one sends little.
  const transfers = createQueues();

  const slots = createSlots(COMPARED_AT_ONCE);

  async function run(id: WorkspaceId, signal: AbortSignal): Promise<void> {
    try {
      const comparison = deps.records.get(id).fork?.comparisonId;
      const making = async () => {
        await deps.captureFork(id, signal);
        await make(openMaking(deps, id, signal), deps, transfers);
      };
      await (comparison ? slots.run(comparison, making, signal) : making());
      await deps.hooks.arriving(id);
      running.delete(id);
      await arrive(deps, id);
    } catch (error) {
      if (signal.aborted) return;
      // Before anybody can see that it failed, and retries it.
      running.delete(id);
      fail(deps, id, FarhandError.from(error));
    }
  }

  const cancel = async (id: WorkspaceId) => {
    const creation = running.get(id);
    creation?.stop.abort(new DOMException('The creation was ended.', 'AbortError'));
    // Connecting to a host that does not answer cannot be ended; nothing of ours runs there then.
    await Promise.race([creation?.ended, delay(CANCEL_WAIT_MS, undefined, { ref: false })]);
  };

  return {
    start(id) {
      if (running.has(id)) return;
      const record = deps.records.get(id);
      deps.records.change(id, { state: 'creating', steps: resetSteps(record.steps) });
      const stop = new AbortController();
      const ended = run(id, stop.signal).finally(() => running.delete(id));
      running.set(id, { stop, ended });
    },
    cancel,
    cancelAll: async () => void (await Promise.all([...running.keys()].map(cancel))),
  };
}

function fail({ records, hooks }: CreationsDeps, id: WorkspaceId, error: FarhandError): void {
  const record = records.find(id);
  if (!record || hooks.failed(id, error)) return;
  records.change(id, { state: 'failed', steps: failStep(record.steps, error) });
}

/** What is on its host again, the server need not keep. */
async function arrive({ records, archives, hooks }: CreationsDeps, id: WorkspaceId): Promise<void> {
  const before = records.find(id);
  records.change(id, { state: 'ready', archive: null });
  hooks.arrived(id);
  // What stays is overwritten by the next archive, or goes with the workspace.
  if (before?.archive) await archives.remove(before.projectId, id).catch(() => {});
}

function openMaking(
  { records, runtimes, projects, archives, scratchDirectory }: CreationsDeps,
  id: WorkspaceId,
  signal: AbortSignal,
): Making {
  const { hostId, projectId, archive } = records.get(id);
  const { name } = projects.get(projectId);
  return createMaking({
    records,
    id,
    runtime: runtimes.for(hostId),
    git: archive ? archives.repository(projectId) : projects.repository(projectId),
    projectGit: projects.repository(projectId),
    projectName: name,
    scratchDirectory,
    signal,
  });
}

async function make(
  making: Making,
  deps: CreationsDeps,
  transfers: ReturnType<typeof createQueues>,
): Promise<void> {
  const { projectId, hostId } = making.record();
  await connect(making, deps.projects);
  let hasInit: boolean | null = null;
  if (!making.isDone('checkout')) {
    const contents = await transfers.run(`${hostId} ${projectId}`, () => deliver(making), making.signal);
    hasInit = contents.hasInit;
  }
  if (nextStep(making.record().steps) !== 'setup') return;
  if (hasInit ?? (await hasInitOf(making))) await runSetup(making, deps.secrets, deps.protect);
  else making.skip('setup', 'the repository has no .farhand/init');
}

async function connect(making: Making, projects: Projects): Promise<void> {
  if (making.isDone('connect')) return;
  making.begin('connect');
  const { runtime, signal } = making;
  // A refusal stays until somebody wants another try: this is one.
  if (runtime.connection().state === 'refused') await runtime.reconnect?.();
  const [facts] = await Promise.all([runtime.facts(), projects.refresh(making.record().projectId)]);
  // Facts are of when the host was connected: git may have been installed since, because we said that it is missing.
  const version = isUsable(facts.gitVersion) ? facts.gitVersion : await askGit(runtime, signal);
  checkGit(version, runtime.hostId);
  const words = [`${plain(facts.user)}@${plain(facts.hostname)}`, `git ${plain(version)}`];
  // What to do about it is shown with the host.
  if (facts.killsAtLogout === true) words.push('ends jobs at logout');
  making.done('connect', words.join(', '));
}

async function askGit(runtime: Runtime, signal: AbortSignal): Promise<string | null> {
  const script = { text: 'git --version', args: [] };
  const { code, stdout } = await runScript(runtime, script, { signal, timeoutMs: ASK_GIT_TIMEOUT_MS });
  const said = new TextDecoder().decode(stdout);
  return code === 0 ? (/\d+(?:\.\d+)*/.exec(said)?.[0] ?? null) : null;
}

function isUsable(version: string | null): version is string {
  const [major = 0, minor = 0] = (/\d+(?:\.\d+)*/.exec(version ?? '')?.[0] ?? '').split('.').map(Number);
  return major > LEAST_GIT[0] || (major === LEAST_GIT[0] && minor >= LEAST_GIT[1]);
}

function checkGit(version: string | null, hostId: string): asserts version is string {
  if (isUsable(version)) return;
  if (version === null)
    throw new FarhandError('host.git_missing', { message: `${hostId} has no git.`, details: { hostId } });
  throw new FarhandError('host.git_missing', {
    message: `The git of ${hostId} is too old: ${plain(version)}.`,
    details: { hostId },
  });
}

// A host says what it likes of itself.
function plain(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, 100)
    .trim();
}

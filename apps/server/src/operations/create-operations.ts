import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Operation } from '@farhand/shared/model/operations';
import type { Run } from '@farhand/shared/model/runs';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { ConfigFile } from '../config/config-file.ts';
import type { Log } from '../logging/log.ts';
import type { Projects } from '../projects/projects.ts';
import type { Runs } from '../runs/runs.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Database } from '../store/database.ts';
import { overLostContact } from '../workspaces/follow-job.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { readOperations } from './definition/definition.ts';
import { fillIn } from './definition/fill-in.ts';
import { createListeners, type ListenerPlace, type Listeners } from './host/listeners.ts';
import { type OperationFolder, operationFolder } from './host/operation-folder.ts';
import { createOperationLayer } from './layer.ts';
import type { Operations } from './operations.ts';
import { type Reply, removeReply, runReply, writeReply } from './requests/replies.ts';
import { createRequestStore, type RequestStore, type StoredRequest } from './requests/request-store.ts';
import { type OperationAsker, type RequestPlace, RequestTaker } from './requests/request-taker.ts';
import { createOperationTokens } from './token.ts';

export interface OperationsDeps {
  readonly db: Database;
  readonly configFile: Pick<ConfigFile, 'read' | 'problem' | 'path'>;
  readonly runs: Runs;
  /** The host's own runtime. */
  readonly runtimeOf: (hostId: HostId) => Runtime;
  readonly workspaces: Pick<Workspaces, 'list'>;
  readonly sessions: Pick<Sessions, 'list'>;
  readonly projects: Pick<Projects, 'list'>;
  /** The key of tokens; the same after a restart. */
  readonly tokenKey: () => Uint8Array;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

const KEPT_DAYS = 7;
/** A clock that is a little off makes no request old. */
const YOUNG_S = 3600;

/** Operations of one config file. */
export function createOperations(deps: OperationsDeps): Operations {
  const of = new OperationsOfFile(deps);
  return {
    list: () => ({
      operations: of.all(),
      problem: deps.configFile.problem(),
      configFile: deps.configFile.path,
    }),
    run: (input, by) => of.run(input, by),
    layer: of.layer,
    resumeAll: () => of.resumeAll(),
    close: () => of.close(),
  };
}

class OperationsOfFile {
  readonly layer;
  readonly #deps: OperationsDeps;
  readonly #store: RequestStore;
  readonly #listeners: Listeners;
  readonly #closing = new AbortController();
  readonly #unwatch: () => void;

  constructor(deps: OperationsDeps) {
    this.#deps = deps;
    this.#store = createRequestStore(deps.db);
    const tokens = createOperationTokens(deps.tokenKey);
    const taker = new RequestTaker({
      store: this.#store,
      runs: deps.runs,
      tokens,
      agentOf: (id, workspaceId) => this.#agentOf(id, workspaceId),
      operationsFor: (asker) => this.#operationsFor(asker),
      reply: (place, id, reply) =>
        this.#onHost(place, (runtime, folder) => writeReply(runtime, folder, id, reply)),
      taken: (place, id) => this.#taken(place, id),
      answerLater: (request) => this.#answerIfOver(request),
      ageS: (place, { atS }) => this.#ageS(place, atS),
    });
    this.#listeners = createListeners({
      db: deps.db,
      runtimeOf: deps.runtimeOf,
      isInUse: (place) => this.#workspace(place.workspaceId, place.hostId) !== null,
      onLine: (place, line) =>
        taker.take(place, line).catch((error: unknown) => {
          // What one asks must not keep others from being heard.
          deps.log?.warn('operation_request.failed', { ...place, error });
        }),
      closing: this.#closing.signal,
      log: deps.log,
    });
    this.layer = createOperationLayer({
      tokens,
      ready: (place, subject) => this.#listeners.ready(place, subject),
      isWanted: ({ workspaceId }, { sessionId }) => {
        const agent = sessionId === null ? 'terminal' : this.#agentOf(sessionId, workspaceId);
        return agent !== null && this.#operationsFor({ workspaceId, sessionId, agent }).length > 0;
      },
      log: deps.log,
    });
    this.#unwatch = deps.runs.watch((run) => {
      const request = run.endedAt === null ? null : this.#store.byRun(run.id);
      if (request) this.#answerIfOver(request);
    });
  }

  all(): Operation[] {
    return readOperations(this.#deps.configFile.read());
  }

  async run({ operation, parameters, workspaceId }: ParsedInput<'operation.run'>, by: Actor): Promise<Run> {
    const found = this.all().find(({ name }) => name === operation);
    if (!found) throw new FarhandError('operation.not_found', { details: { operation } });
    if (by.kind === 'token' && found.agents && !found.agents.includes(`token:${by.name}`))
      throw new FarhandError('operation.not_allowed', { details: { operation } });
    const isPerson = by.kind === 'page' || by.kind === 'cli';
    if (!isPerson && !this.#isOfProject(found, workspaceId))
      throw new FarhandError('operation.not_allowed', { details: { operation } });
    const filled = fillIn(found, new Map(Object.entries(parameters)));
    const isHere = found.host === 'workspace';
    if (isHere && workspaceId === null)
      throw new FarhandError('request.invalid', {
        message: `The operation ${operation} runs in a workspace: say in which.`,
        hint: 'Give it, as by `farhand operation run --workspace <workspace>`.',
      });
    return this.#deps.runs.startOperation(newId('run'), {
      operation,
      description: found.description,
      host: isHere ? null : found.host,
      workspaceId: isHere ? workspaceId : null,
      ...filled,
      timeoutMs: found.timeoutS * 1000,
      isAsked: found.isAsked,
      by,
      from: null,
    });
  }

  resumeAll(): void {
    this.#store.prune(new Date(Date.now() - KEPT_DAYS * 86_400_000));
    this.#listeners.resumeAll();
    for (const request of this.#store.left()) this.#answerIfOver(request);
  }

  close(): void {
    this.#unwatch();
    this.#closing.abort();
  }

  #workspace(id: WorkspaceId, hostId?: HostId) {
    const found = this.#deps.workspaces.list().find((one) => one.id === id);
    const isThere = found?.state === 'ready' && (hostId === undefined || found.hostId === hostId);
    return isThere ? found : null;
  }

  #agentOf(id: SessionId, workspaceId: WorkspaceId): string | null {
    const session = this.#deps.sessions.list().find((one) => one.id === id);
    return session?.workspaceId === workspaceId ? session.agent : null;
  }

  #operationsFor({ workspaceId, agent }: OperationAsker): Operation[] {
    return this.all().filter(
      (one) =>
        // Those that are badly defined do not say whom they are for.
        one.problem === null &&
        this.#isOfProject(one, workspaceId) &&
        (one.agents === null || one.agents.includes(agent)),
    );
  }

  #isOfProject({ projects }: Operation, workspaceId: WorkspaceId | null): boolean {
    if (projects === null) return true;
    const projectId = this.#deps.workspaces.list().find(({ id }) => id === workspaceId)?.projectId;
    const project = this.#deps.projects.list().find(({ id }) => id === projectId)?.name;
    return project !== undefined && projects.includes(project);
  }

  #answerIfOver(request: StoredRequest): void {
    const { workspaceId, id, subject, runId, isDelivered } = request;
    const workspace = this.#workspace(workspaceId);
    if (isDelivered || runId === null || workspace === null || this.#closing.signal.aborted) return;
    const answer = async () => {
      const { run, output } = await this.#deps.runs.get(runId, 0);
      if (run.endedAt === null) return;
      const reply: Reply = runReply(run, output);
      const place = { workspaceId, hostId: workspace.hostId, subject };
      await this.#onHost(place, (runtime, folder) => writeReply(runtime, folder, id, reply));
      // Where all sessions had one folder, nobody hears that it was read.
      if (subject === null) this.#store.delivered(workspaceId, id);
    };
    answer().catch((error: unknown) => {
      // It was never made: the request is read again, and makes it.
      if (FarhandError.is(error, 'run.not_found')) return;
      this.#deps.log?.warn('operation_reply.failed', { workspaceId, runId, error });
    });
  }

  async #taken(place: RequestPlace, id: string): Promise<void> {
    this.#store.delivered(place.workspaceId, id);
    await this.#onHost(place, (runtime, folder) => removeReply(runtime, folder, id));
  }

  async #ageS({ hostId }: ListenerPlace, atS: number): Promise<number> {
    if (Math.abs(Date.now() / 1000 - atS) < YOUNG_S) return 0;
    const runtime = this.#deps.runtimeOf(hostId);
    const { stdout } = await runtime.exec({ argv: ['date', '+%s'] }, { timeoutMs: 20_000 });
    const nowS = Number(new TextDecoder().decode(stdout));
    return Number.isFinite(nowS) ? nowS - atS : 0;
  }

  // A host that is away is waited for: nobody there misses the answer meanwhile.
  async #onHost(
    { workspaceId, hostId, subject }: RequestPlace,
    act: (runtime: Runtime, folder: OperationFolder) => Promise<void>,
  ): Promise<void> {
    const runtime = this.#deps.runtimeOf(hostId);
    const attempt = async () => {
      const { home } = await runtime.facts();
      await act(runtime, operationFolder(home, workspaceId, subject));
    };
    await overLostContact(runtime, attempt, { signal: this.#closing.signal });
  }
}

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import {
  type AgentId,
  type Attachment,
  BUILTIN_AGENT,
  type EarlierSession,
} from '@farhand/shared/model/agents';
import { type ItemId, newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { AgentSession } from '../agents/agent.ts';
import { sessionsWithBackgroundJobs } from '../agents/builtin/background/background-store.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Models } from '../models/models.ts';
import { createSpending } from '../spending/spending.ts';
import type { Database } from '../store/database.ts';
import { agentPlace, agentSession, useOf } from './agent-session.ts';
import { createSessionControls, type SessionControls } from './session-controls.ts';
import { jobCallsOf, removeJobs, tellOfKeptStops } from './session-jobs.ts';
import { createSessionRecords } from './session-records.ts';
import { createSessionStates } from './session-states.ts';
import { createSessionStore } from './session-store.ts';
import { titleOf } from './title.ts';
import { NO_USAGE, type TurnItem } from './turn-item.ts';
import { STATE_AFTER, Turns, type TurnsDeps } from './turns.ts';

interface CreateOptions {
  /** Chosen by the caller where it has to know it before; it must be new. */
  readonly id?: SessionId;
  /** The built-in one where it is left out. */
  readonly agent?: AgentId;
  /** A conversation that the agent remembers, to go on with. */
  readonly nativeId?: string | null;
  readonly parent?: Session['parent'];
  /** Instead of its workspace's sandbox; that where it is null or left out. */
  readonly sandbox?: Session['sandbox'];
}

interface PromptOptions {
  readonly model: string | null;
  readonly attachments?: readonly Attachment[];
  /** Of the message, chosen by the client. */
  readonly messageId?: ItemId | undefined;
}

/** Conversations with an agent, each in a workspace. */
export interface Sessions {
  /** Oldest first. */
  list(): Session[];
  /** Throws `session.not_found`. */
  get(id: SessionId): Session;
  /** Throws `workspace.not_found`, `workspace.not_ready` for one that is being deleted, `model.unknown`. Without a model, the default at the first message. */
  create(workspaceId: WorkspaceId, model: string | null, how?: CreateOptions): Session;
  /** What can be set in the sessions, as their agents told. */
  controls(): ReturnType<SessionControls['all']>;
  /** Throws `session.unknown_control`. */
  setControl(id: SessionId, control: string, value: string | boolean): Promise<void>;
  /** See `Agent.login`. */
  login(id: SessionId, loginId: string): Promise<Terminal | null>;
  rename(id: SessionId, title: string): void;
  /** Another sandbox than its workspace's, for what starts from then on; null for that. Throws `session.not_found`. */
  setSandbox(id: SessionId, profile: string | null): Session;
  /** The session as its agent has it, for what is done in its name. Throws `session.not_found`, `workspace.not_ready`. */
  agentSession(id: SessionId): AgentSession;
  /** See `Agent.earlier`. */
  earlier(workspaceId: WorkspaceId, agent: AgentId): Promise<EarlierSession[]>;
  /**
   * Begins a turn, with this model from now on; the message is stored before this returns. One whose id is there already
   * begins nothing. Throws `session.busy`, `workspace.not_ready`, `model.none`, `model.unknown`.
   */
  prompt(id: SessionId, text: string, how: PromptOptions): void;
  /** Ends the turn and what it runs on the host; resolves when it has ended. Nothing happens where none runs. */
  stop(id: SessionId): Promise<void>;
  /** Ends its turn, removes its jobs from the host and forgets it. */
  delete(id: SessionId): Promise<void>;
  /** As `delete` for all of them, but the host is left to the workspace's own deletion. */
  deleteOfWorkspace(workspaceId: WorkspaceId): Promise<void>;
  /** The tool calls of all sessions of a workspace. */
  callsOf(workspaceId: WorkspaceId): ToolCallItem[];
  /** At the server's start: turns that were under way go on. */
  resumeAll(): void;
  /** Leaves turns as they are, to be taken up at the next start. Nothing on a host is ended. */
  close(): Promise<void>;
}

export interface SessionsDeps extends Omit<TurnsDeps, 'records' | 'states' | 'controls' | 'spending'> {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly models: Pick<Models, 'resolve'>;
  /** True while no turn may begin there. */
  readonly isRewinding?: (id: WorkspaceId) => boolean;
}

/** Items by which a turn is known to be under way at its agent. */
const OF_AGENTS: ReadonlySet<string> = new Set(['text', 'reasoning', 'tool_call', 'plan']);

/** Sessions over the embedded store; call `resumeAll` once at the start. */
export function createSessions(deps: SessionsDeps): Sessions {
  return new SessionsOfStore(deps);
}

class SessionsOfStore implements Sessions {
  readonly #deps: SessionsDeps;
  readonly #store;
  readonly #records;
  readonly #controls: SessionControls;
  readonly #turnsDeps: TurnsDeps;
  readonly #turns: Turns;
  /** Those that are being deleted. */
  readonly #leaving = new Set<SessionId>();

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    this.#store = createSessionStore(deps.db);
    this.#records = createSessionRecords(this.#store, deps.feed);
    this.#controls = createSessionControls(deps.db, deps.feed);
    const states = createSessionStates(this.#records);
    const spending = createSpending({ db: deps.db });
    this.#turnsDeps = { ...deps, records: this.#records, states, controls: this.#controls, spending };
    this.#turns = new Turns(this.#turnsDeps);
    const { hostTasks: tasks, transcripts, approvals } = deps;
    approvals.watchOpen((id, open) => states.setAsking(id, open > 0));
    this.#openWhenReady(deps.feed);
    tellOfKeptStops({
      tasks,
      transcripts,
      hasSession: (id) => this.#store.get(id) !== null,
      // Its newest number has changed, which marks it as unseen.
      onTold: (id) => this.#records.update(id, {}),
    });
  }

  list(): Session[] {
    return this.#store.all();
  }

  get(id: SessionId): Session {
    return this.#records.get(id);
  }

  create(workspaceId: WorkspaceId, model: string | null, how: CreateOptions = {}): Session {
    // It would go with the workspace, and nobody would be told.
    if (this.#deps.workspaces.get(workspaceId).state === 'deleting')
      throw new FarhandError('workspace.not_ready', { details: { workspaceId, state: 'deleting' } });
    const {
      id = newId('session'),
      agent = BUILTIN_AGENT,
      nativeId = null,
      parent = null,
      sandbox = null,
    } = how;
    if (model !== null && agent === BUILTIN_AGENT) this.#deps.models.resolve(model);
    const now = new Date().toISOString();
    const made: Session = {
      id,
      workspaceId,
      title: 'New session',
      agent,
      parent,
      model,
      state: 'idle',
      lastSeq: 0,
      usage: NO_USAGE,
      costUsd: null,
      context: null,
      ...(sandbox !== null && { sandbox }),
      createdAt: now,
      updatedAt: now,
    };
    this.#records.add(made);
    this.#open(made, nativeId);
    return made;
  }

  controls(): ReturnType<SessionControls['all']> {
    return this.#controls.all();
  }

  async setControl(id: SessionId, control: string, value: string | boolean): Promise<void> {
    const session = agentSession(this.#turnsDeps, id);
    await this.#deps.agents.of(session.agent).setControl(session, control, value);
  }

  async login(id: SessionId, loginId: string): Promise<Terminal | null> {
    const session = agentSession(this.#turnsDeps, id);
    return await this.#deps.agents.of(session.agent).login(session, loginId);
  }

  rename(id: SessionId, title: string): void {
    this.get(id);
    this.#records.update(id, { title });
  }

  setSandbox(id: SessionId, profile: string | null): Session {
    this.get(id);
    this.#records.update(id, { sandbox: profile });
    return this.get(id);
  }

  agentSession(id: SessionId): AgentSession {
    return agentSession(this.#turnsDeps, id);
  }

  async earlier(workspaceId: WorkspaceId, agent: AgentId): Promise<EarlierSession[]> {
    const { workspaces, secrets, agents } = this.#deps;
    const ready = workspaces.ready(workspaceId, useOf(null, agent));
    const { projectId, hostId } = ready.workspace;
    return await agents.of(agent).earlier(agentPlace(this.#turnsDeps, ready, null), agent, {
      environment: () => secrets.environment({ projectId, hostId }, 'agent'),
      redactor: () => secrets.redactor(projectId),
    });
  }

  prompt(id: SessionId, text: string, { model, messageId, attachments = [] }: PromptOptions): void {
    const { workspaces, models, secrets, transcripts } = this.#deps;
    const session = this.get(id);
    // Its agent is let go already: a turn begun now would go on without its session.
    if (this.#leaving.has(id)) throw new FarhandError('session.not_found', { details: { sessionId: id } });
    if (messageId && transcripts.has(id, messageId)) return;
    if (this.#turns.isRunning(id)) throw new FarhandError('session.busy', { details: { sessionId: id } });
    if (this.#deps.isRewinding?.(session.workspaceId))
      throw new FarhandError('session.busy', {
        message: 'The workspace is being rewound.',
        hint: 'Send the message again when that is done.',
        details: { sessionId: id },
      });
    const { workspace } = workspaces.ready(session.workspaceId);
    const isBuiltin = session.agent === BUILTIN_AGENT;
    const ref = isBuiltin ? models.resolve(model ?? session.model).ref : (session.model ?? session.agent);
    const prompt = secrets.redactor(workspace.projectId).text(text);
    const base = { turnId: newId('turn'), at: new Date().toISOString() };
    const item: TurnItem = {
      ...base,
      id: newId('item'),
      kind: 'turn',
      state: 'working',
      model: ref,
      usage: NO_USAGE,
      endedAt: null,
      error: null,
      retry: null,
    };
    const writer = transcripts.writer(id);
    const isFirst = session.lastSeq === 0;
    // In this order: a server killed in between finds a session at work without a turn, and puts it to rest. The other
    // way round it would find nothing at work, and the message would wait unheard.
    this.#records.update(id, {
      state: 'working',
      ...(isBuiltin ? { model: ref } : {}),
      ...(isFirst ? { title: titleOf(prompt) } : {}),
    });
    const asked = { ...base, id: messageId ?? newId('item'), kind: 'user_message' as const, text: prompt };
    try {
      writer.put(attachments.length > 0 ? { ...asked, attachments: [...attachments] } : asked);
      writer.put(item);
      writer.flush();
    } catch (error) {
      // Who sent it is told that it failed: it must not be stored behind their back.
      transcripts.withdraw(id, [asked.id, item.id]);
      this.#records.update(id, { state: session.state });
      throw error;
    }
    this.#turns.start(id, { item, prompt, attachments });
  }

  async stop(id: SessionId): Promise<void> {
    this.get(id);
    await this.#turns.interrupt(id, 'stop');
  }

  async delete(id: SessionId): Promise<void> {
    const { workspaceId, agent } = this.get(id);
    this.#leaving.add(id);
    try {
      await this.#turns.interrupt(id, 'stop');
      await this.#deps.agents.of(agent).release(id);
    } finally {
      this.#leaving.delete(id);
    }
    const jobs = jobCallsOf(this.#deps.transcripts.items(id)).map(({ jobId }) => jobId);
    this.#forget(id);
    const { hostId } = this.#deps.workspaces.get(workspaceId);
    await removeJobs(this.#deps.hostTasks, { hostId, workspaceId }, jobs);
  }

  async deleteOfWorkspace(workspaceId: WorkspaceId): Promise<void> {
    const leaving = this.#store.ofWorkspace(workspaceId);
    const ids = new Set(leaving.map(({ id }) => id));
    // Sub-agents in forks of it would work on for nobody. Their hosts are not waited for.
    for (const { id, parent } of this.#store.all())
      if (!ids.has(id) && parent?.kind === 'subagent' && ids.has(parent.sessionId))
        void this.#turns.interrupt(id, 'stop');
    const ending = leaving.map(async ({ id, agent }) => {
      // Left as it is on the host: a stop would wait for one that is away, and all of the workspace's jobs go at once.
      await this.#turns.interrupt(id, 'close');
      await this.#deps.agents.of(agent).release(id);
      this.#forget(id);
    });
    await Promise.all(ending);
  }

  callsOf(workspaceId: WorkspaceId): ToolCallItem[] {
    return this.#store
      .ofWorkspace(workspaceId)
      .flatMap(({ id }) => this.#deps.transcripts.items(id))
      .filter((item) => item.kind === 'tool_call');
  }

  resumeAll(): void {
    // Commands that run on between turns are watched again.
    for (const id of sessionsWithBackgroundJobs(this.#deps.db)) this.#open(this.get(id), null);
    if (this.list().some(({ agent }) => agent !== BUILTIN_AGENT))
      this.#deps.agents
        .resumeOthers()
        .catch((error: unknown) => this.#deps.log?.warn('agents.not_resumed', { error }));
    for (const { id } of this.#store.unfinished()) {
      const items = this.#deps.transcripts.items(id);
      const item = items.findLast((one) => one.kind === 'turn' && one.state === 'working');
      const asked = items.findLast((one) => one.kind === 'user_message' && one.turnId === item?.turnId);
      if (item?.kind === 'turn' && asked?.kind === 'user_message') {
        this.#records.update(id, { state: 'working' });
        const hasBegun = items.some(({ kind, turnId }) => turnId === item.turnId && OF_AGENTS.has(kind));
        const attachments = asked.attachments ?? [];
        this.#turns.start(id, { item, prompt: asked.text, attachments, hasBegun });
        continue;
      }
      // Killed between the turn's end and the session's.
      this.#deps.approvals.voidAll(id, 'The turn has ended.');
      const last = items.findLast((one) => one.kind === 'turn');
      this.#records.update(id, {
        state: last?.kind === 'turn' && last.state !== 'working' ? STATE_AFTER[last.state] : 'idle',
      });
    }
  }

  async close(): Promise<void> {
    await this.#turns.interruptAll('close');
    await this.#deps.agents.close();
  }

  // Before the first message a person wants to see what can be chosen. What fails says so at the first turn.
  #open({ id, agent, workspaceId }: Session, nativeId: string | null): void {
    if (this.#deps.workspaces.get(workspaceId).state !== 'ready') return;
    const opening = async () => this.#deps.agents.of(agent).open(agentSession(this.#turnsDeps, id), nativeId);
    opening().catch((error: unknown) => this.#deps.log?.warn('session.not_opened', { sessionId: id, error }));
  }

  // Sessions of a workspace that is still being made wait for it.
  #openWhenReady(feed: StateFeed): void {
    const making = new Set<WorkspaceId>();
    feed.watch((change) => {
      if (change.type !== 'changed' || change.entity.kind !== 'workspace') return;
      const { id, state } = change.entity.value;
      if (state === 'creating') making.add(id);
      else if (making.delete(id) && state === 'ready')
        for (const session of this.#store.ofWorkspace(id))
          if (this.#controls.get(session.id) === null) this.#open(session, null);
    });
  }

  #forget(id: SessionId): void {
    this.#deps.approvals.voidAll(id, 'The session was deleted.');
    this.#deps.transcripts.forget(id);
    this.#controls.forget(id);
    this.#records.remove(id);
  }
}

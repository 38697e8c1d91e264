import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ItemId, newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Models } from '../models/models.ts';
import type { Database } from '../store/database.ts';
import { jobCallsOf, removeJobs, tellOfKeptStops } from './session-jobs.ts';
import { createSessionRecords } from './session-records.ts';
import { createSessionStore } from './session-store.ts';
import { titleOf } from './title.ts';
import { NO_USAGE, type TurnItem } from './turn-item.ts';
import { STATE_AFTER, Turns, type TurnsDeps } from './turns.ts';

interface PromptOptions {
  readonly model: string | null;
  /** Of the message, chosen by the client. */
  readonly messageId?: ItemId | undefined;
}

/** Conversations with an agent, each in a workspace. */
export interface Sessions {
  /** Oldest first. */
  list(): Session[];
  /** Throws `session.not_found`. */
  get(id: SessionId): Session;
  /** Throws `workspace.not_found`, `model.unknown`. Without a model, the default at the first message. */
  create(workspaceId: WorkspaceId, model: string | null): Session;
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

export interface SessionsDeps extends Omit<TurnsDeps, 'records'> {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly models: Pick<Models, 'resolve'>;
}

/** Sessions over the embedded store; call `resumeAll` once at the start. */
export function createSessions(deps: SessionsDeps): Sessions {
  return new SessionsOfStore(deps);
}

class SessionsOfStore implements Sessions {
  readonly #deps: SessionsDeps;
  readonly #store;
  readonly #records;
  readonly #turns: Turns;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    this.#store = createSessionStore(deps.db);
    this.#records = createSessionRecords(this.#store, deps.feed);
    this.#turns = new Turns({ ...deps, records: this.#records });
    const { hostTasks: tasks, transcripts } = deps;
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

  create(workspaceId: WorkspaceId, model: string | null): Session {
    this.#deps.workspaces.get(workspaceId);
    if (model !== null) this.#deps.models.resolve(model);
    const now = new Date().toISOString();
    const made: Session = {
      id: newId('session'),
      workspaceId,
      title: 'New session',
      agent: this.#deps.agent.name,
      model,
      state: 'idle',
      lastSeq: 0,
      usage: NO_USAGE,
      createdAt: now,
      updatedAt: now,
    };
    this.#records.add(made);
    return made;
  }

  prompt(id: SessionId, text: string, { model, messageId }: PromptOptions): void {
    const { workspaces, models, secrets, transcripts } = this.#deps;
    const session = this.get(id);
    if (messageId && transcripts.items(id).some((one) => one.id === messageId)) return;
    if (this.#turns.isRunning(id)) throw new FarhandError('session.busy', { details: { sessionId: id } });
    const { workspace } = workspaces.ready(session.workspaceId);
    const { ref } = models.resolve(model ?? session.model);
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
      model: ref,
      ...(isFirst ? { title: titleOf(prompt) } : {}),
    });
    try {
      writer.put({ ...base, id: messageId ?? newId('item'), kind: 'user_message', text: prompt });
      writer.put(item);
      writer.flush();
    } catch (error) {
      // Who sent it is told that it failed: it must not be stored behind their back.
      transcripts.forget(id);
      this.#records.update(id, { state: session.state });
      throw error;
    }
    this.#turns.start(id, { item, prompt });
  }

  async stop(id: SessionId): Promise<void> {
    this.get(id);
    await this.#turns.interrupt(id, 'stop');
  }

  async delete(id: SessionId): Promise<void> {
    const { workspaceId } = this.get(id);
    await this.#turns.interrupt(id, 'stop');
    const jobs = jobCallsOf(this.#deps.transcripts.items(id)).map(({ jobId }) => jobId);
    this.#forget(id);
    const { hostId } = this.#deps.workspaces.get(workspaceId);
    await removeJobs(this.#deps.hostTasks, { hostId, workspaceId }, jobs);
  }

  async deleteOfWorkspace(workspaceId: WorkspaceId): Promise<void> {
    const ending = this.#store.ofWorkspace(workspaceId).map(async ({ id }) => {
      // Left as it is on the host: a stop would wait for one that is away, and all of the workspace's jobs go at once.
      await this.#turns.interrupt(id, 'close');
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
    for (const { id } of this.#store.unfinished()) {
      const items = this.#deps.transcripts.items(id);
      const item = items.findLast((one) => one.kind === 'turn' && one.state === 'working');
      const asked = items.findLast((one) => one.kind === 'user_message' && one.turnId === item?.turnId);
      if (item?.kind === 'turn' && asked?.kind === 'user_message') {
        this.#records.update(id, { state: 'working' });
        this.#turns.start(id, { item, prompt: asked.text });
        continue;
      }
      // Killed between the turn's end and the session's.
      const last = items.findLast((one) => one.kind === 'turn');
      this.#records.update(id, {
        state: last?.kind === 'turn' && last.state !== 'working' ? STATE_AFTER[last.state] : 'idle',
      });
    }
  }

  async close(): Promise<void> {
    await this.#turns.interruptAll('close');
  }

  #forget(id: SessionId): void {
    this.#deps.transcripts.forget(id);
    this.#records.remove(id);
  }
}

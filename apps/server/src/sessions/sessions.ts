import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Models } from '../models/models.ts';
import type { Database } from '../store/database.ts';
import { jobsOf, removeJobs } from './session-jobs.ts';
import { createSessionRecords } from './session-records.ts';
import { createSessionStore } from './session-store.ts';
import { titleOf } from './title.ts';
import { NO_USAGE, type TurnItem } from './turn-item.ts';
import { STATE_AFTER, Turns, type TurnsDeps } from './turns.ts';

/** Conversations with an agent, each in a workspace. */
export interface Sessions {
  /** Oldest first. */
  list(): Session[];
  /** Throws `session.not_found`. */
  get(id: SessionId): Session;
  /** Throws `workspace.not_found`, `model.unknown`. Without a model, the default at the first message. */
  create(workspaceId: WorkspaceId, model: string | null): Session;
  /** Begins a turn, with this model from now on. Throws `session.busy`, `workspace.not_ready`, `model.none`, `model.unknown`. */
  prompt(id: SessionId, text: string, model: string | null): void;
  /** Ends the turn and what it runs on the host; resolves when it has ended. Nothing happens where none runs. */
  stop(id: SessionId): Promise<void>;
  /** Ends its turn, removes its jobs from the host and forgets it. */
  delete(id: SessionId): Promise<void>;
  deleteOfWorkspace(workspaceId: WorkspaceId): Promise<void>;
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

  prompt(id: SessionId, text: string, model: string | null): void {
    const { workspaces, models, secrets, transcripts } = this.#deps;
    const session = this.get(id);
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
    writer.put({ ...base, id: newId('item'), kind: 'user_message', text: prompt });
    writer.put(item);
    writer.flush();
    this.#records.update(id, {
      state: 'working',
      model: ref,
      ...(isFirst ? { title: titleOf(prompt) } : {}),
    });
    this.#turns.start(id, { item, prompt });
  }

  async stop(id: SessionId): Promise<void> {
    this.get(id);
    await this.#turns.interrupt(id, 'stop');
  }

  async delete(id: SessionId): Promise<void> {
    const { workspaceId } = this.get(id);
    await this.#turns.interrupt(id, 'stop');
    const jobs = jobsOf(this.#deps.transcripts.items(id));
    this.#deps.transcripts.forget(id);
    this.#records.remove(id);
    const runtime = this.#runtimeOf(workspaceId);
    if (runtime) await removeJobs(runtime, jobs);
  }

  async deleteOfWorkspace(workspaceId: WorkspaceId): Promise<void> {
    await Promise.all(this.#store.ofWorkspace(workspaceId).map(({ id }) => this.delete(id)));
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

  // A workspace that is being deleted, or never was ready, removes its jobs itself by their label.
  #runtimeOf(workspaceId: WorkspaceId) {
    try {
      return this.#deps.workspaces.ready(workspaceId).runtime;
    } catch (thrown) {
      if (FarhandError.is(thrown)) return null;
      throw thrown;
    }
  }
}

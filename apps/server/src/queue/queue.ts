/** Messages for later: sent by the server when their turn, their time, and a free place on their host have come. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Attachment } from '@farhand/shared/model/agents';
import type { HostId } from '@farhand/shared/model/hosts';
import {
  type ItemId,
  itemId,
  type MessageId,
  newId,
  type SessionId,
  type WorkspaceId,
} from '@farhand/shared/model/ids';
import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { Session, SessionState } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Log } from '../logging/log.ts';
import type { RateLimits } from '../models/rate-limits.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Database } from '../store/database.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { isTurnOpen, obstacleOf, turnsByHost } from './obstacle.ts';
import { createQueueStore, type QueueStore } from './queue-store.ts';

interface PromptOptions {
  readonly model: string | null;
  readonly attachments?: readonly Attachment[];
  readonly messageId?: ItemId | undefined;
}

export interface Queue {
  /** In the order in which they were queued. */
  list(): QueuedMessage[];
  /** Throws `session.not_found`, `request.invalid` where too many wait. The same `messageId` again adds nothing. */
  add(input: ParsedInput<'queue.add'>): QueuedMessage;
  /** Throws `queue.not_found` where it was sent already. */
  edit(input: ParsedInput<'queue.edit'>): QueuedMessage;
  /** One that is gone is no error. */
  remove(id: MessageId): void;
  /** Forgets its time, and why it was held. Throws `queue.not_found`. */
  sendNow(id: MessageId): void;
  /** Sends it at once; queues it where the host has no free place, or the provider takes nothing now. Throws as `Sessions.prompt`. */
  prompt(id: SessionId, text: string, how: PromptOptions): void;
  /** At the server's start, after the sessions'. */
  resumeAll(): void;
  close(): void;
}

export interface QueueDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly sessions: Pick<Sessions, 'get' | 'list' | 'prompt'>;
  readonly workspaces: Pick<Workspaces, 'get' | 'list'>;
  readonly secrets: Pick<Secrets, 'redactor'>;
  readonly agentLimit: (host: HostId) => number | null;
  readonly rateLimits: RateLimits;
  readonly log?: Pick<Log, 'warn'>;
}

/** A clock that was set, or a machine that slept, is noticed within this. */
const LONGEST_TIMER_MS = 60_000;
/** A store that refuses (a full disk) is asked again after this. */
const RETRY_AFTER_MS = 5000;

/** In one session: all of them are sent to every page. */
const MOST_WAITING = 100;

/** What all sessions and workspaces are at, seen once for many messages. */
interface Sight {
  readonly sessions: ReadonlyMap<SessionId, Session>;
  readonly workspaces: ReadonlyMap<WorkspaceId, Workspace>;
  readonly working: ReadonlyMap<HostId, number>;
}

export function createQueue(deps: QueueDeps): Queue {
  return new QueueOfStore(deps);
}

class QueueOfStore implements Queue {
  readonly #deps: QueueDeps;
  readonly #store: QueueStore;
  readonly #messages = new Map<MessageId, QueuedMessage>();
  /** As last seen, to know how a turn ended. */
  readonly #states = new Map<SessionId, SessionState>();
  readonly #ends: (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isClosed = false;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
    this.#store = createQueueStore(deps.db);
    for (const message of this.#store.all()) this.#messages.set(message.id, message);
    this.#ends = [
      deps.feed.watch((change) => {
        if (change.type === 'removed' && change.kind === 'session') this.#forget(change.id as SessionId);
        if (change.type !== 'changed') return;
        const { kind, value } = change.entity;
        // Of all that is told of a session while it works only its state counts.
        const counts =
          kind === 'session' ? this.#sessionChanged(value) : kind === 'workspace' || kind === 'host';
        if (counts) this.#lookSoon();
      }),
      deps.rateLimits.watch(() => this.#lookSoon()),
    ];
  }

  list(): QueuedMessage[] {
    return [...this.#messages.values()];
  }

  add({
    sessionId,
    text,
    attachments,
    model,
    notBefore,
    messageId,
  }: ParsedInput<'queue.add'>): QueuedMessage {
    const { workspaceId } = this.#deps.sessions.get(sessionId);
    const id = messageId ?? newId('message');
    const known = this.#messages.get(id);
    if (known) return known;
    if (this.list().filter((one) => one.sessionId === sessionId).length >= MOST_WAITING)
      throw new FarhandError('request.invalid', {
        message: `No more than ${MOST_WAITING} messages wait in one session.`,
      });
    const { projectId } = this.#deps.workspaces.get(workspaceId);
    const message: QueuedMessage = {
      id,
      sessionId,
      text: this.#deps.secrets.redactor(projectId).text(text),
      attachments,
      model,
      notBefore,
      reason: 'turn',
      until: null,
      problem: null,
      createdAt: new Date().toISOString(),
    };
    this.#put(message);
    this.#lookSoon();
    return message;
  }

  edit({ messageId, text, notBefore }: ParsedInput<'queue.edit'>): QueuedMessage {
    const before = this.#get(messageId);
    const { projectId } = this.#deps.workspaces.get(this.#deps.sessions.get(before.sessionId).workspaceId);
    const edited = { ...before, text: this.#deps.secrets.redactor(projectId).text(text), notBefore };
    this.#put(edited);
    this.#lookSoon();
    return edited;
  }

  remove(id: MessageId): void {
    if (!this.#messages.has(id)) return;
    this.#store.remove(id);
    this.#messages.delete(id);
    this.#deps.feed.removed('queued_message', id);
    this.#lookSoon();
  }

  sendNow(id: MessageId): void {
    this.#put({ ...this.#get(id), reason: 'turn', problem: null, until: null, notBefore: null });
    this.#lookSoon();
  }

  prompt(id: SessionId, text: string, { model, attachments = [], messageId }: PromptOptions): void {
    const session = this.#deps.sessions.get(id);
    const fresh = { notBefore: null, reason: 'turn' } as const;
    const obstacle = isTurnOpen(session.state)
      ? null
      : this.#obstacle(fresh, { ...session, model: model ?? session.model }, this.#see());
    if (obstacle?.reason !== 'slot' && obstacle?.reason !== 'rate_limit')
      return this.#deps.sessions.prompt(id, text, { model, attachments, messageId });
    this.add({
      sessionId: id,
      text,
      attachments: [...attachments],
      model,
      notBefore: null,
      messageId: messageId && (messageId.replace(/^itm/, 'msg') as MessageId),
    });
  }

  resumeAll(): void {
    for (const { id, state } of this.#deps.sessions.list()) this.#states.set(id, state);
    this.#lookSoon();
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends) end();
    clearTimeout(this.#timer);
  }

  #get(id: MessageId): QueuedMessage {
    const found = this.#messages.get(id);
    if (!found) throw new FarhandError('queue.not_found', { details: { messageId: id } });
    return found;
  }

  #put(message: QueuedMessage): void {
    this.#store.put(message);
    this.#messages.set(message.id, message);
    this.#deps.feed.changed({ kind: 'queued_message', value: message });
  }

  #forget(sessionId: SessionId): void {
    this.#states.delete(sessionId);
    for (const { id, sessionId: of } of this.list()) if (of === sessionId) this.remove(id);
  }

  // True where its state is another one. After a failure or a stop the next message would run into the same wall, or into
  // a work half done.
  #sessionChanged({ id, state }: Session): boolean {
    const before = this.#states.get(id);
    this.#states.set(id, state);
    if (before !== undefined && isTurnOpen(before) && (state === 'failed' || state === 'idle')) {
      const problem = `The turn before it ${state === 'failed' ? 'failed' : 'was stopped'}.`;
      for (const message of this.list()) {
        if (message.sessionId === id && message.reason !== 'person' && !this.#isForLater(message))
          this.#hold({ ...message, reason: 'person', until: null, problem });
      }
    }
    return before !== state;
  }

  // Held back also where the store refuses, and whoever told of the turn's end is not to hear of that.
  #hold(message: QueuedMessage): void {
    try {
      this.#put(message);
    } catch (error) {
      this.#messages.set(message.id, message);
      this.#deps.log?.warn('queue.not_stored', { messageId: message.id, error });
    }
  }

  #isForLater({ notBefore }: QueuedMessage): boolean {
    return notBefore !== null && Date.parse(notBefore) > Date.now();
  }

  // Once for all that changes together, and never inside the change of another.
  #lookSoon(): void {
    if (this.#isLooking || this.#messages.size === 0) return;
    this.#isLooking = true;
    queueMicrotask(() => {
      this.#isLooking = false;
      if (this.#isClosed) return;
      try {
        this.#look();
      } catch (error) {
        this.#deps.log?.warn('queue.not_stored', { error });
        this.#lookAt(Date.now() + RETRY_AFTER_MS);
      }
    });
  }

  #look(): void {
    clearTimeout(this.#timer);
    const seen = new Set<SessionId>();
    let sight = this.#see();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const message of this.list()) {
      const session = sight.sessions.get(message.sessionId);
      if (!session) {
        this.remove(message.id);
        continue;
      }
      // The others of its session wait for the first.
      const isFirst = !seen.has(session.id);
      seen.add(session.id);
      const obstacle = this.#obstacle(message, { ...session, model: message.model ?? session.model }, sight);
      if (!obstacle && isFirst) {
        this.#send(message);
        sight = this.#see();
        continue;
      }
      this.#explain(message, obstacle ?? { reason: 'turn', until: null });
      if (obstacle?.until) nextMs = Math.min(nextMs, Date.parse(obstacle.until));
    }
    if (nextMs !== Number.POSITIVE_INFINITY) this.#lookAt(nextMs);
  }

  #lookAt(atMs: number): void {
    clearTimeout(this.#timer);
    const waitMs = Math.min(Math.max(atMs - Date.now(), 0) + 1, LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#lookSoon(), waitMs).unref();
  }

  #explain(message: QueuedMessage, { reason, until }: Pick<QueuedMessage, 'reason' | 'until'>): void {
    if (message.reason === reason && message.until === until) return;
    this.#put({ ...message, reason, until });
  }

  #send(message: QueuedMessage): void {
    const { id, sessionId, text, model, attachments } = message;
    try {
      // Under the same letters as the message here: a server killed before the next line begins nothing twice.
      const asked = itemId.parse(id.replace(/^msg/, 'itm'));
      this.#deps.sessions.prompt(sessionId, text, { model, attachments, messageId: asked });
    } catch (thrown) {
      const { message: problem } = FarhandError.from(thrown);
      this.#put({ ...message, reason: 'person', until: null, problem });
      return;
    }
    this.remove(id);
  }

  #obstacle(
    message: Pick<QueuedMessage, 'notBefore' | 'reason'>,
    session: Pick<Session, 'state' | 'model' | 'workspaceId'>,
    { workspaces, working }: Sight,
  ) {
    const { agentLimit, rateLimits } = this.#deps;
    const workspace = workspaces.get(session.workspaceId) ?? this.#deps.workspaces.get(session.workspaceId);
    return obstacleOf(message, {
      session,
      workspace,
      nowMs: Date.now(),
      working: working.get(workspace.hostId) ?? 0,
      limit: agentLimit(workspace.hostId),
      pausedUntilMs: rateLimits.until(session.model),
    });
  }

  #see(): Sight {
    const listed = this.#deps.sessions.list();
    const workspaces = new Map(this.#deps.workspaces.list().map((one) => [one.id, one]));
    return {
      sessions: new Map(listed.map((one) => [one.id, one])),
      workspaces,
      working: turnsByHost(listed, (id) => workspaces.get(id)?.hostId ?? null),
    };
  }
}

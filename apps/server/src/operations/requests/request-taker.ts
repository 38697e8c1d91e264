import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId, type RunId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Operation } from '@farhand/shared/model/operations';
import type { Run } from '@farhand/shared/model/runs';
import type { Runs } from '../../runs/runs.ts';
import { fillIn, readWords } from '../definition/fill-in.ts';
import { helpText, listText } from '../definition/help-text.ts';
import type { ListenerPlace } from '../host/listeners.ts';
import type { OperationSubject } from '../host/operation-folder.ts';
import type { OperationTokens } from '../token.ts';
import { createPace, type Pace } from './pace.ts';
import { REPLY_STATUS, type Reply, refusalReply, textReply } from './replies.ts';
import { type RequestLine, readRequestLine } from './request-line.ts';
import type { RequestStore, StoredRequest } from './request-store.ts';

/** Who asks, as far as the token says. */
export interface OperationAsker {
  readonly workspaceId: WorkspaceId;
  readonly sessionId: SessionId | null;
  /** An agent's id; `terminal` for a program in a terminal. */
  readonly agent: string;
}

/** Where a request came from, and is answered. */
export interface RequestPlace extends ListenerPlace {
  /** Null as in a `RequestLine`. */
  readonly subject: OperationSubject | null;
}

interface TakerDeps {
  readonly store: RequestStore;
  readonly runs: Pick<Runs, 'startOperation' | 'cancel' | 'find'>;
  readonly tokens: OperationTokens;
  /** The agent of a session that is there and in this workspace; null otherwise. */
  readonly agentOf: (sessionId: SessionId, workspaceId: WorkspaceId) => string | null;
  /** Those that this one may ask for. */
  readonly operationsFor: (asker: OperationAsker) => readonly Operation[];
  /** Puts a reply where it is waited for. */
  readonly reply: (place: RequestPlace, id: string, reply: Reply) => Promise<void>;
  /** The answer was read. */
  readonly taken: (place: RequestPlace, id: string) => Promise<void>;
  /** Answers once the run is over. */
  readonly answerLater: (request: StoredRequest) => void;
  /** How long ago it was asked, in seconds, by the host's own clock. */
  readonly ageS: (place: ListenerPlace, line: RequestLine) => Promise<number>;
}

/** Of one session: what it asks keeps no other from asking. */
const MOST_OPEN = 20;
const MOST_A_MINUTE = 60;
/** `farhand-op` itself gives up after this. */
const STALE_S = 12 * 3600;

/** Reads what comes from the listeners of all workspaces: nothing in it is believed, and no request is taken twice. */
export class RequestTaker {
  readonly #deps: TakerDeps;
  readonly #paces = new Map<string, Pace>();

  constructor(deps: TakerDeps) {
    this.#deps = deps;
  }

  async take(listener: ListenerPlace, text: string): Promise<void> {
    const line = readRequestLine(text);
    if (!line) return;
    const place = { ...listener, subject: line.subject };
    const asker = this.#askerOf(place, line.token);
    switch (line.kind) {
      case 'ask':
        return this.#ask(place, line, asker);
      case 'cancel':
        return this.#cancel(place, line.id, asker);
      case 'taken':
        if (asker && this.#isOf(place, line.id, asker)) await this.#deps.taken(place, line.id);
    }
  }

  #askerOf({ workspaceId, subject }: RequestPlace, token: string): OperationAsker | null {
    const holder = this.#deps.tokens.check(token, workspaceId);
    if (!holder) return null;
    // One session's token in another's folder was taken away.
    if (subject !== null && subject !== (holder.sessionId ?? workspaceId)) return null;
    if (holder.sessionId === null) return { ...holder, agent: 'terminal' };
    const agent = this.#deps.agentOf(holder.sessionId, workspaceId);
    return agent === null ? null : { ...holder, agent };
  }

  async #ask(place: RequestPlace, line: RequestLine, asker: OperationAsker | null): Promise<void> {
    const { store, reply } = this.#deps;
    const { workspaceId, subject } = place;
    const { id } = line;
    const known = store.get(workspaceId, id);
    if (known && known.subject !== subject) return;
    // Withdrawn before it was read, or answered and taken: nobody waits.
    if (known?.isDelivered || (known && known.runId === null)) return;
    const refuse = (status: number, text: string) => reply(place, id, refusalReply(status, text));
    // A flood gets no answers either: each would be work on the host.
    const pace = this.#paceOf(place, asker).take();
    if (pace === 'drop') return;
    if (pace === 'refuse' && !known) return refuse(REPLY_STATUS.later, 'too many requests within a minute.');
    if (!asker)
      return refuse(REPLY_STATUS.refused, 'the token is not one of this session, or the session is over.');
    // Said again while somebody waits: whatever else the operation has become, this is what runs.
    if (known && runOf(this.#deps.runs, known.runId)) return this.#deps.answerLater(known);
    if (line.words === null || line.words.length === 0)
      return refuse(REPLY_STATUS.usage, 'the words are not text.');
    const answer = this.#told(asker, line.words);
    if (answer) return reply(place, id, answer);
    if (!known && (await this.#deps.ageS(place, line)) > STALE_S)
      return refuse(REPLY_STATUS.later, 'the request is too old to be carried out.');
    if (!known && store.leftOf(workspaceId, subject).length >= MOST_OPEN)
      return refuse(REPLY_STATUS.later, `more than ${MOST_OPEN} requests are open at once.`);
    await this.#start(place, { id, asker, words: line.words });
  }

  // What asks for no run.
  #told(asker: OperationAsker, words: readonly string[]): Reply | null {
    const [first = '', second] = words;
    const operations = () => this.#deps.operationsFor(asker);
    if (first === '--list' || first === '-l') return textReply(listText(operations()));
    if (first !== '--help' && first !== '-h') return null;
    if (second === undefined) return textReply(USAGE);
    const found = operations().find(({ name }) => name === second);
    return found ? textReply(helpText(found)) : refusalReply(REPLY_STATUS.usage, NOT_FOUND);
  }

  async #start(
    place: RequestPlace,
    { id, asker, words }: { id: string; asker: OperationAsker; words: readonly string[] },
  ): Promise<void> {
    const { store, runs, reply, operationsFor, answerLater } = this.#deps;
    const { workspaceId, sessionId, agent } = asker;
    const [name = '', ...rest] = words;
    try {
      const operation = operationsFor(asker).find((one) => one.name === name);
      if (!operation) return await reply(place, id, refusalReply(REPLY_STATUS.usage, NOT_FOUND));
      const filled = fillIn(operation, readWords(rest));
      const isHere = operation.host === 'workspace';
      // Its run is chosen before it is made: killed in between, the same one is made.
      const request = store.add({
        workspaceId,
        id,
        subject: place.subject,
        runId: newId('run'),
        isDelivered: false,
      });
      if (request.runId === null) return;
      await runs.startOperation(request.runId, {
        operation: operation.name,
        description: operation.description,
        host: isHere ? null : operation.host,
        workspaceId: isHere ? workspaceId : null,
        ...filled,
        timeoutMs: operation.timeoutS * 1000,
        isAsked: operation.isAsked,
        by: { kind: 'agent', name: agent },
        from: { workspaceId, sessionId },
      });
      answerLater(request);
    } catch (thrown) {
      const error = FarhandError.from(thrown);
      const isTheirs = FarhandError.is(error, 'operation.parameter_invalid');
      const status = isTheirs ? REPLY_STATUS.usage : REPLY_STATUS.unavailable;
      await reply(place, id, refusalReply(status, error.message));
      if (store.get(workspaceId, id)) store.delivered(workspaceId, id);
    }
  }

  async #cancel(place: RequestPlace, id: string, asker: OperationAsker | null): Promise<void> {
    const { store, runs } = this.#deps;
    const { workspaceId, subject } = place;
    if (!asker) return;
    const known = store.get(workspaceId, id);
    // Overtook what it cancels. Of those that cancel nothing there can be any number.
    if (!known && this.#paceOf(place, asker).take() !== 'go') return;
    if (!known) return void store.add({ workspaceId, id, subject, runId: null, isDelivered: true });
    if (!this.#isOf(place, id, asker)) return;
    store.delivered(workspaceId, id);
    // A host that is away ends it on its return.
    if (known.runId) runs.cancel(known.runId).catch(() => {});
  }

  // Of one session it is no business of another what happens to its requests.
  #isOf({ workspaceId, subject }: RequestPlace, id: string, { sessionId }: OperationAsker): boolean {
    const known = this.#deps.store.get(workspaceId, id);
    if (known && known.subject !== subject) return false;
    const run = runOf(this.#deps.runs, known?.runId ?? null);
    return run === null || run.sessionId === sessionId;
  }

  // Those whose token does not count share one, however many folders they come by.
  #paceOf({ workspaceId }: RequestPlace, asker: OperationAsker | null): Pace {
    const key = asker ? (asker.sessionId ?? workspaceId) : `nobody in ${workspaceId}`;
    const known = this.#paces.get(key);
    if (known) return known;
    for (const [other, pace] of this.#paces) if (pace.isAtRest()) this.#paces.delete(other);
    const pace = createPace(MOST_A_MINUTE);
    this.#paces.set(key, pace);
    return pace;
  }
}

function runOf(runs: Pick<Runs, 'find'>, id: RunId | null): Run | null {
  if (id === null) return null;
  try {
    return runs.find(id);
  } catch {
    return null;
  }
}

const NOT_FOUND = 'no such operation; see `farhand-op --list`.';
const USAGE = `Usage: farhand-op <operation> [--parameter value | parameter=value ...]
       farhand-op --list
       farhand-op --help <operation>
`;

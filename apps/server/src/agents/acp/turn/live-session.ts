import { type InitializeResponse, methods } from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type JobId, newId, type TurnId } from '@farhand/shared/model/ids';
import type { JobSpec } from '@farhand/shared/runtime/port';
import type { AgentSession, AgentTurn } from '../../agent.ts';
import { Interrupted } from '../../builtin/interrupted.ts';
import { SteadyHost } from '../../builtin/steady-host.ts';
import { needsLogin } from '../connection/errors.ts';
import { findLeftBehind, MARK } from '../connection/left-behind.ts';
import { Link } from '../connection/link.ts';
import { SessionRecord } from '../connection/session-record.ts';
import { emptyControls, modelOf, withInitialize, withSession } from '../controls.ts';
import { createServices, type SessionServices } from '../services/services.ts';
import { createUpdateMapper, type UpdateMapper } from '../updates/update-mapper.ts';
import { forgetCall, INITIALIZE, initialize, openConversation, SESSION } from './conversation.ts';
import type { AcpDeps } from './deps.ts';
import { notice } from './notice.ts';
import { restoreControls } from './restore-controls.ts';
import { Told } from './told.ts';

/** An agent that is ready for a message. */
export interface Ready {
  readonly link: Link;
  readonly agent: InitializeResponse;
  readonly nativeId: string;
}

/** One session's agent as this server has it: its program, its conversation, and what it tells into the transcript. */
export class LiveSession {
  readonly record: SessionRecord;
  readonly session: AgentSession;
  readonly mapper: UpdateMapper;
  readonly services: SessionServices;
  readonly #deps: AcpDeps;
  readonly #life = new AbortController();
  readonly #host: SteadyHost;
  readonly #unfollow: () => void;
  readonly #told: Told;
  #link: Link | null = null;
  #turn: AgentTurn | null = null;
  #turnId: TurnId;
  #ready: Promise<Ready> | null = null;
  #isOpen = false;
  /** How often its program was stopped: a start that is on its way then must not go on. */
  #stops = 0;

  constructor(deps: AcpDeps, session: AgentSession) {
    this.#deps = deps;
    this.session = session;
    const { db } = deps;
    this.record = new SessionRecord({ db, sessionId: session.sessionId, writer: session.transcript });
    this.#unfollow = this.record.follow();
    const last = session.readItems().findLast(({ kind }) => kind === 'turn');
    this.#turnId = last?.turnId ?? newId('turn');
    const { runtime, stopJob } = session.place;
    const onContactLost = session.reports.contactLost;
    this.#host = new SteadyHost({ runtime, stopJob, signal: this.#life.signal, onContactLost });
    const turnId = () => this.#turnId;
    this.mapper = createUpdateMapper(session, { turnId });
    const signal = () => this.#turn?.signal ?? this.#life.signal;
    this.services = createServices(session, this.mapper, { turnId, signal });
    this.#told = new Told(this.record, this.mapper, {
      isInTurn: () => this.#turn !== null,
      note: (text) => session.transcript.put(notice(this.#turnId, 'warning', text)),
    });
  }

  /** Items and questions of the agent belong to this turn from now on. */
  begin(turn: AgentTurn): void {
    this.#told.begin();
    this.#turn = turn;
    this.#turnId = turn.turnId;
  }

  endTurn(): void {
    this.#turn = null;
  }

  /**
   * The agent, started and with its conversation open; at once where it is. An agent that ended is started anew, unless
   * the call `pending` was made to it: then its end is the answer. Throws `agent.*`, `host.*`, `Interrupted`.
   */
  ready(pending: string | null = null): Promise<Ready> {
    if (this.#ready && !this.#link?.end) return this.#ready;
    const made = this.#prepare(pending);
    this.#ready = made;
    made.catch(() => this.#ready === made && (this.#ready = null));
    return made;
  }

  /** Why the program is of no use any more; null while it is, or where none was started. */
  get end(): Link['end'] {
    return this.#link?.end ?? null;
  }

  /** Ends the program, which is started anew when it is needed; resolves when nothing of it runs, or that is kept for the host. */
  async stopProgram(): Promise<void> {
    const { job } = this.record.state;
    this.#stops += 1;
    this.#forgetLink();
    if (!job) return;
    // Where it cannot be stopped now, removing it stops it later.
    const end = await this.session.place.stopJob(job.id).catch(() => null);
    if (end?.state === 'done') await this.#tellOfLeftBehind();
    this.#remove(job.id);
    if (this.record.state.job?.id !== job.id) return;
    this.record.reset(null);
    this.record.save();
  }

  /** Lets go of everything; the program runs on. */
  close(): void {
    this.#told.endQuiet();
    this.#life.abort('close');
    this.#forgetLink();
    this.mapper.close();
    try {
      // What came last, together with how far was read: whoever flushes after this does not store that.
      this.record.save();
    } catch (error) {
      this.#deps.log?.warn('acp_session.not_stored', { sessionId: this.session.sessionId, error });
    }
    this.#unfollow();
  }

  /** Lets the agent sign in by itself. Throws what it answers. */
  async authenticate(methodId: string, withinMs: number): Promise<void> {
    if (!this.#link || this.#link.end) throw this.#link?.end ?? new FarhandError('agent.not_responding');
    await this.#link.call(methods.agent.authenticate, { methodId }, { withinMs });
  }

  /** Tells that the agent has to be signed in to. */
  setNeedsLogin(): void {
    const { controls, sessionId } = this.session;
    controls.set({ ...(controls.get() ?? emptyControls(sessionId)), needsLogin: true });
  }

  async #prepare(pending: string | null): Promise<Ready> {
    const isSignedOut = this.session.controls.get()?.needsLogin === true;
    if (isSignedOut && this.#link && !this.#link.end && !this.#isOpen) await this.stopProgram();
    const link = this.#link && !this.#link.end ? this.#link : await this.#start(pending);
    const agent = await initialize(link, this.#deps);
    await this.#open(link, agent);
    const { nativeId } = this.record;
    if (nativeId === null) throw new FarhandError('agent.failed');
    return { link, agent, nativeId };
  }

  async #start(pending: string | null): Promise<Link> {
    this.#forgetLink();
    const stops = this.#stops;
    await this.#dropEnded(pending);
    const { place, agent, sessionId } = this.session;
    let spec: JobSpec | null = null;
    if (!this.record.state.job?.hasStarted) {
      const { command } = await this.#host.do((runtime) =>
        this.#deps.hostAgents.startCommand(agent, runtime),
      );
      if (this.#stops !== stops) throw new Interrupted('stop');
      const id = this.record.state.job?.id ?? newId('job');
      const { hostId, workspaceId } = place;
      if (!this.record.state.job) this.record.reset({ id, hostId, workspaceId, hasStarted: false });
      spec = {
        id,
        command: { script: command },
        cwd: place.directory,
        env: { ...this.session.secrets.environment(), [MARK]: sessionId },
        input: true,
        label: workspaceId,
      };
    }
    if (this.#stops !== stops || this.#life.signal.aborted) throw new Interrupted('stop');
    this.#isOpen = false;
    const { session, record, services } = this;
    const link = new Link({
      session,
      record,
      spec,
      services,
      onUpdate: (params) => this.#told.update(params),
      onNonsense: () => this.#told.nonsense(),
    });
    this.#link = link;
    return link;
  }

  // A program of before may have ended while no server looked.
  async #dropEnded(pending: string | null): Promise<void> {
    const { job, calls } = this.record.state;
    if (!job || (pending !== null && calls.some(({ key }) => key === pending))) return;
    const isRunning = await this.#host.do((runtime) =>
      runtime.jobs.get(job.id).then(
        ({ status }) => status.state === 'running',
        (error: unknown) => {
          if (!FarhandError.is(error, 'job.not_found')) throw error;
          // It may have been on its way when the last server was killed: starting it twice starts it once.
          return !job.hasStarted;
        },
      ),
    );
    if (isRunning || this.record.state.job?.id !== job.id) return;
    this.#remove(job.id);
    this.record.reset(null);
  }

  async #open(link: Link, agent: InitializeResponse): Promise<void> {
    const { controls, sessionId, place, readItems } = this.session;
    const isKnown = this.record.state.calls.some(({ key, answer }) => key === SESSION && answer !== null);
    const told = withInitialize(controls.get() ?? emptyControls(sessionId), agent);
    const items = readItems();
    this.#told.isShownBack = !items.some(({ kind }) => kind === 'user_message');
    try {
      const { answer, how } = await openConversation(link, agent, { deps: this.#deps, place });
      this.#isOpen = true;
      // What a person has set since is not in an answer to a former server.
      if (isKnown && controls.get()) return;
      const before = controls.get();
      const withinMs = this.#deps.timing.answerMs;
      const now = withSession(told, answer);
      const opened = before ? await restoreControls(link, { before, now }, withinMs) : now;
      controls.set(opened);
      const model = modelOf(opened);
      if (model !== null) this.session.reports.session({ model });
      if (how === 'lost') this.#tellOfLoss();
      if (how === 'taken_up' && this.#told.isShownBack) this.mapper.endTurn('done');
      this.record.save();
    } catch (thrown) {
      // A later server goes on with it.
      if (thrown instanceof Interrupted) throw thrown;
      forgetCall(link, SESSION);
      controls.set({ ...told, needsLogin: needsLogin(thrown) });
      throw thrown;
    }
  }

  #tellOfLoss(): void {
    if (this.#told.isShownBack) return;
    const text = 'The agent could not take up its conversation of before. It is told a short account of it.';
    this.session.transcript.put(notice(this.#turnId, 'warning', text));
  }

  async #tellOfLeftBehind(): Promise<void> {
    const { place, sessionId, transcript } = this.session;
    const left = await findLeftBehind(place.runtime, sessionId).catch(() => []);
    if (left.length === 0) return;
    const names = left.map(({ pid, name }) => `${name} (${pid})`).join(', ');
    const text = `The agent left programs running on the host: ${names}. They are ended when the session is deleted.`;
    transcript.put(notice(this.#turnId, 'warning', text));
  }

  #forgetLink(): void {
    this.#link?.detach();
    this.#link = null;
    this.#ready = null;
    this.#isOpen = false;
  }

  #remove(jobId: JobId): void {
    const { hostId, workspaceId } = this.session.place;
    this.#deps.hostTasks
      .do({ kind: 'remove_job', hostId, workspaceId, jobId })
      .catch((error: unknown) => this.#deps.log?.warn('acp_job.not_removed', { jobId, error }));
  }
}

/** What the agent answered to `initialize`, as far as it is known. */
export function knownInitialize({ state }: SessionRecord): unknown {
  const answer = state.calls.find(({ key }) => key === INITIALIZE)?.answer;
  return answer && 'result' in answer ? answer.result : null;
}

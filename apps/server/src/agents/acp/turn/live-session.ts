import { methods } from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type JobId, newId, type TurnId } from '@farhand/shared/model/ids';
import type { JobSpec } from '@farhand/shared/runtime/port';
import type { AgentSession, AgentTurn } from '../../agent.ts';
import { Interrupted } from '../../builtin/interrupted.ts';
import { SteadyHost } from '../../builtin/steady-host.ts';
import { agentError, needsLogin } from '../connection/errors.ts';
import { findLeftBehind, MARK } from '../connection/left-behind.ts';
import { Link } from '../connection/link.ts';
import { SessionRecord } from '../connection/session-record.ts';
import { emptyControls, modelOf, withInitialize, withSession } from '../controls.ts';
import { createServices, type SessionServices } from '../services/services.ts';
import { createUpdateMapper, type UpdateMapper } from '../updates/update-mapper.ts';
import { forgetCall, type Initialized, initialize, openConversation, SESSION } from './conversation.ts';
import type { AcpDeps } from './deps.ts';
import { isAtRest } from './idle.ts';
import { ModeHold } from './mode-hold.ts';
import { notice } from './notice.ts';
import { restoreControls } from './restore-controls.ts';
import { Told } from './told.ts';

/** An agent that is ready for a message. */
export interface Ready {
  readonly link: Link;
  readonly agent: Initialized;
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
  #hold: ModeHold | null = null;
  #turnId: TurnId;
  #ready: Promise<Ready> | null = null;
  #isOpen = false;
  /** True for a conversation of the agent's that a person chose to go on with. */
  #isChosen = false;
  /** How often its program was stopped: a start that is on its way then must not go on. */
  #stops = 0;
  #preparing = 0;
  #idle: NodeJS.Timeout | null = null;
  /** Its program is being given back. */
  #resting: Promise<void> = Promise.resolve();

  constructor(deps: AcpDeps, given: AgentSession) {
    this.#deps = deps;
    // What is told counts for the turn that runs, whichever was the first.
    const told: AgentSession['reports']['session'] = (change) =>
      (this.#turn ?? given).reports.session(change);
    const session = { ...given, reports: { ...given.reports, session: told } };
    this.session = session;
    const { db, vault } = deps;
    const { sessionId, transcript: writer } = session;
    this.record = new SessionRecord({ db, vault, sessionId, writer });
    this.#unfollow = this.record.follow();
    const last = session.readItems().findLast(({ kind }) => kind === 'turn');
    this.#turnId = last?.turnId ?? newId('turn');
    const { runtime, stopJob } = session.place;
    const onContactLost = session.reports.contactLost;
    this.#host = new SteadyHost({ runtime, stopJob, signal: this.#life.signal, onContactLost });
    const turnId = () => this.#turnId;
    this.mapper = createUpdateMapper(session, { turnId, kept: this.record });
    const signal = () => this.#turn?.signal ?? this.#life.signal;
    this.services = createServices(session, this.mapper, { turnId, signal, kept: this.record });
    this.#told = new Told(this.record, this.mapper, {
      isInTurn: () => this.#turn !== null,
      note: (text) => session.transcript.put(notice(this.#turnId, 'warning', text)),
    });
  }

  /** Items and questions of the agent belong to this turn from now on. */
  begin(turn: AgentTurn): void {
    this.#awake();
    this.#told.begin();
    this.#turn = turn;
    this.#turnId = turn.turnId;
    this.#hold = new ModeHold(turn, { link: () => this.#link, withinMs: this.#deps.timing.cancelMs });
  }

  /** Of the turn that runs: rejects with `dry_run.left`, and never resolves. */
  get leavesDryRun(): Promise<never> {
    return this.#hold?.lost ?? new Promise(() => {});
  }

  endTurn(): void {
    this.#turn = null;
    this.#hold = null;
    this.#awake();
  }

  /**
   * The agent, started and with its conversation open; at once where it is. An agent that ended is started anew, unless
   * the call `pending` was made to it: then its end is the answer. Throws `agent.*`, `host.*`, `Interrupted`.
   */
  ready(pending: string | null = null): Promise<Ready> {
    this.#awake();
    if (this.#ready && !this.#link?.end) return this.#ready;
    this.#preparing += 1;
    const made = this.#prepare(pending).finally(() => (this.#preparing -= 1));
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
    this.#ready = null;
    await this.#stop((isStopped) => (isStopped ? this.#tellOfLeftBehind() : Promise.resolve()));
  }

  async #stop(then: (isStopped: boolean) => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { job } = this.record.state;
    this.#stops += 1;
    this.#forgetLink();
    if (!job) return;
    // Where it cannot be stopped now, removing it stops it later.
    const end = await this.session.place.stopJob(job.id).catch(() => null);
    await then(end?.state === 'done');
    this.#remove(job.id);
    if (this.record.state.job?.id !== job.id) return;
    this.record.reset(null);
    this.record.save();
  }

  /** Lets go of everything; the program runs on. */
  close(): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#told.endQuiet();
    this.#life.abort('close');
    this.#ready = null;
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

  /** Goes on with a conversation that the agent remembers, which a person chose. */
  choose(nativeId: string): void {
    this.#isChosen = true;
    this.record.setNativeId(nativeId);
  }

  /** Tells that the agent has to be signed in to. */
  setNeedsLogin(): void {
    const { controls, sessionId } = this.session;
    controls.set({ ...(controls.get() ?? emptyControls(sessionId)), needsLogin: true });
  }

  async #prepare(pending: string | null): Promise<Ready> {
    await this.#resting;
    const isSignedOut = this.session.controls.get()?.needsLogin === true;
    if (isSignedOut && this.#link && !this.#link.end && !this.#isOpen) await this.#stop();
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
      onUpdate: (params) => {
        if (!this.#turn) this.#awake();
        this.#told.update(params);
        this.#hold?.look();
      },
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

  async #open(link: Link, agent: Initialized): Promise<void> {
    const { controls, sessionId, place, readItems } = this.session;
    const isKnown = this.record.state.calls.some(({ key, answer }) => key === SESSION && answer !== null);
    const told = withInitialize(controls.get() ?? emptyControls(sessionId), agent);
    const items = readItems();
    this.#told.isShownBack = !items.some(({ kind }) => kind === 'user_message');
    try {
      const given = { deps: this.#deps, place, isToBeShown: this.#isChosen && this.#told.isShownBack };
      const { answer, how, refusal } = await openConversation(link, agent, given);
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
      if (how === 'lost') this.#tellOfLoss(refusal);
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

  // From now on counts how long nothing happens; a turn counts as happening.
  #awake(): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    if (this.#turn || this.#life.signal.aborted) return;
    this.#idle = setTimeout(() => {
      this.#idle = null;
      this.#resting = this.#rest().catch((error: unknown) =>
        this.#deps.log?.warn('acp_session.not_rested', { sessionId: this.session.sessionId, error }),
      );
    }, this.#deps.timing.idleMs).unref();
  }

  async #rest(): Promise<void> {
    if (this.#turn || !this.#link) return;
    if (this.#preparing > 0 || !this.#isOpen || !isAtRest(this.record)) return this.#awake();
    if (this.record.terminals.length > 0) {
      const { runtime, workspaceId } = this.session.place;
      const jobs = await runtime.jobs.list(workspaceId);
      const running = jobs.filter(({ status }) => status.state === 'running').map(({ id }) => id);
      if (this.record.terminals.some(({ jobId }) => running.includes(jobId))) return this.#awake();
      // Something may have come meanwhile.
      if (this.#turn || this.#idle || this.#preparing > 0) return;
    }
    this.#ready = null;
    await this.#stop();
  }

  #tellOfLoss(refusal: unknown): void {
    // One without a word is as good as new, unless it was to show what had been said.
    if (this.#told.isShownBack && !this.#isChosen) return;
    const said = refusal === null ? '' : ` ${agentError(refusal, this.session.secrets.redactor()).message}`;
    const text = this.#told.isShownBack
      ? `The agent could not take up that conversation. This is a new one.${said}`
      : 'The agent could not take up its conversation of before. It is told a short account of it.';
    this.#isChosen = false;
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

  // What is being made ready goes on with another: whoever waits for it must not make a second one.
  #forgetLink(): void {
    this.#link?.detach();
    this.#link = null;
    this.#isOpen = false;
  }

  #remove(jobId: JobId): void {
    const { hostId, workspaceId } = this.session.place;
    this.#deps.hostTasks
      .do({ kind: 'remove_job', hostId, workspaceId, jobId })
      .catch((error: unknown) => this.#deps.log?.warn('acp_job.not_removed', { jobId, error }));
  }
}

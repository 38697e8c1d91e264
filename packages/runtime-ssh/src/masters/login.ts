/** One login: the time it may take, the questions it may ask, and patience with a host that drops it for the others. */
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionMethod, HostQuestion } from '@farhand/shared/model/hosts';
import type { ResolvedHost } from '../config.ts';
import { backoffMs } from '../connection/backoff.ts';
import { LoginQuestions } from '../questions/questions.ts';
import type { AnswerMemory } from '../questions/questions-memory.ts';
import { type Master, type MasterOptions, startMaster } from './master.ts';

/** For all of a login but the time a person takes; ssh's own ConnectTimeout covers only its beginning. */
export const LOGIN_TIMEOUT_MS = 120_000;
/** A host with too many logins under way (MaxStartups) drops some; together these waits are about eight seconds. */
const MAX_LOGIN_TRIES = 5;
/** sshd closed before it said who it is: MaxStartups, as most versions tell it. */
const DROPPED_EARLY = /(?:kex|ssh)_exchange_identification: .*(?:closed by remote host|reset by peer)/;

export interface Login {
  readonly options: MasterOptions;
  readonly resolved: ResolvedHost;
  readonly method: ConnectionMethod;
  readonly memory: AnswerMemory;
  /** True for a further master: it may not ask a person. */
  readonly isQuiet: boolean;
  readonly signal: AbortSignal;
  readonly onWaiting: (question: HostQuestion | null) => void;
}

export interface LoggedIn {
  readonly master: Master;
  /** False where the same login would have to ask a person again. */
  readonly canRepeat: boolean;
}

/** A master that is up; rejects with why none is: `host.question_refused`, `host.timed_out`, what ssh says. */
export async function logIn(login: Login): Promise<LoggedIn> {
  let hasAsked = false;
  const onWaiting = (question: HostQuestion | null) => {
    hasAsked = true;
    login.onWaiting(question);
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return await logInOnce({ ...login, onWaiting });
    } catch (error) {
      // Nobody is asked twice because a host further on was busy.
      const isWorthAnother = isDroppedEarly(error) && !hasAsked && !login.signal.aborted;
      if (attempt === MAX_LOGIN_TRIES || !isWorthAnother) throw error;
      await delay(backoffMs(attempt + 1), undefined, { signal: login.signal }).catch(() => {});
    }
  }
}

async function logInOnce(login: Login): Promise<LoggedIn> {
  const { options, resolved, memory, isQuiet } = login;
  const deadline = new Deadline(LOGIN_TIMEOUT_MS);
  const questions =
    options.questions &&
    new LoginQuestions({
      hostId: options.hostId,
      person: options.questions,
      memory,
      isQuiet,
      onWaiting: (question) => {
        deadline.hold(question !== null);
        login.onWaiting(question);
      },
    });
  const { questions: _, ...others } = options;
  const signal = AbortSignal.any([deadline.signal, login.signal, ...(questions ? [questions.signal] : [])]);
  try {
    const start = await starterOf(login.method);
    const master = await start({ ...others, ...(questions && { questions }) }, resolved, signal);
    return { master, canRepeat: !questions?.wouldAskAgain };
  } catch (error) {
    if (questions?.signal.aborted) throw questions.signal.reason;
    if (deadline.signal.aborted) throw new FarhandError('host.timed_out', { cause: error });
    throw error;
  } finally {
    deadline.end();
  }
}

async function starterOf(method: ConnectionMethod): Promise<typeof startMaster> {
  return method === 'master' ? startMaster : (await import('../direct/direct.ts')).startDirect;
}

/** A host that is there and has no time for one more login: the same login may do in a moment. */
function isDroppedEarly(error: unknown): boolean {
  if (FarhandError.is(error, 'host.too_busy')) return true;
  const stderr = FarhandError.is(error, 'host.unreachable') ? error.details.stderr : null;
  return typeof stderr === 'string' && DROPPED_EARLY.test(stderr);
}

/** A time limit that does not run while it is held. */
class Deadline {
  readonly #controller = new AbortController();
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(timeoutMs: number) {
    this.#leftMs = timeoutMs;
    this.hold(false);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  hold(isHeld: boolean): void {
    if (this.#timer !== null) this.#leftMs -= performance.now() - this.#startedAt;
    this.end();
    if (isHeld) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => this.#controller.abort(), Math.max(0, this.#leftMs));
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

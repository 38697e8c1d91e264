/** One login's questions: what is remembered is given by itself, the rest goes to a person, one at a time. */
import { randomUUID } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId, HostQuestion } from '@farhand/shared/model/hosts';
import type { Answer, Questions } from '@farhand/shared/runtime/questions';
import type { AnswerMemory } from './questions-memory.ts';

/** How long a person has for one question. */
export const QUESTION_TIMEOUT_MS = 120_000;

/** What a question is about; `newQuestion` adds when. */
export type QuestionParts = Omit<HostQuestion, 'id' | 'askedAt' | 'expiresAt'>;

/** A question that is asked now. */
export function newQuestion(parts: QuestionParts, timeoutMs = QUESTION_TIMEOUT_MS): HostQuestion {
  const now = Date.now();
  return {
    id: randomUUID(),
    ...parts,
    askedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + timeoutMs).toISOString(),
  };
}

export interface LoginQuestionsOptions {
  readonly hostId: HostId;
  readonly person: Questions;
  readonly memory: AnswerMemory;
  /** True for a login that may only use what is remembered: a further master of a connection that is up. */
  readonly isQuiet: boolean;
  /** The question that a person has before them now; null when it is over. */
  readonly onWaiting: (question: HostQuestion | null) => void;
}

const REFUSED: Answer = { kind: 'refused' };

/** Kinds after whose answer the next login need not ask again: ssh or its agent keeps the answer itself. */
const KEPT_BY_SSH: ReadonlySet<HostQuestion['kind']> = new Set(['host_key', 'confirm']);

export class LoginQuestions implements Questions {
  readonly #options: LoginQuestionsOptions;
  readonly #ended = new AbortController();
  /** Answers given from memory in this login: asked again, they were wrong. */
  readonly #givenFromMemory = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  #wouldAskAgain = false;

  constructor(options: LoginQuestionsOptions) {
    this.#options = options;
  }

  /** Aborted with a `FarhandError` once a question was refused: the login is to end before ssh tries an empty answer. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** True when the next login would need the person again: an answer was given that nothing keeps. */
  get wouldAskAgain(): boolean {
    return this.#wouldAskAgain;
  }

  ask(question: HostQuestion, signal: AbortSignal): Promise<Answer> {
    const answer = this.#last.then(() => this.#answer(question, AbortSignal.any([signal, this.signal])));
    this.#last = answer;
    return answer;
  }

  async #answer(question: HostQuestion, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) return REFUSED;
    const remembered = this.#recall(question);
    if (remembered !== null) return { kind: 'answered', text: remembered, remember: true };
    if (this.#options.isQuiet) return this.#refuse(question, 'host.needs_input');
    const answer = await this.#askPerson(question, signal);
    if (question.kind === 'touch') {
      // Withdrawn when the key was touched; refused otherwise.
      this.#wouldAskAgain = true;
      if (signal.aborted) return REFUSED;
    }
    if (answer.kind === 'refused') {
      if (signal.aborted) return REFUSED;
      const isExpired = Date.now() >= Date.parse(question.expiresAt);
      return this.#refuse(question, isExpired ? 'host.question_expired' : 'host.question_refused');
    }
    if (answer.remember && question.canRemember) this.#options.memory.keep(question, answer.text);
    else if (!KEPT_BY_SSH.has(question.kind)) this.#wouldAskAgain = true;
    return answer;
  }

  #recall(question: HostQuestion): string | null {
    const { memory } = this.#options;
    const key = `${question.kind} ${question.subject}`;
    if (this.#givenFromMemory.has(key)) memory.forget(question);
    const text = question.canRemember ? memory.recall(question) : null;
    if (text !== null) this.#givenFromMemory.add(key);
    return text;
  }

  async #askPerson(question: HostQuestion, signal: AbortSignal): Promise<Answer> {
    const expiry = new AbortController();
    const timer = setTimeout(() => expiry.abort(), Date.parse(question.expiresAt) - Date.now());
    this.#options.onWaiting(question);
    try {
      const stopped = AbortSignal.any([signal, expiry.signal]);
      // Whoever asks the person may be slow to notice the end; this login is not.
      const withdrawn = new Promise<Answer>((resolve) => {
        stopped.addEventListener('abort', () => resolve(REFUSED), { once: true });
      });
      return await Promise.race([this.#options.person.ask(question, stopped), withdrawn]);
    } finally {
      clearTimeout(timer);
      this.#options.onWaiting(null);
    }
  }

  #refuse(question: HostQuestion, code: keyof typeof REASONS): Answer {
    // ssh goes on without this one: a key is not put into the agent, for one.
    if (question.kind === 'confirm') return REFUSED;
    const { hostId } = this.#options;
    const message = `${REASONS[code]} (${KIND_NAMES[question.kind]} for ${question.subject}).`;
    this.#ended.abort(new FarhandError(code, { message, details: { hostId, kind: question.kind } }));
    return REFUSED;
  }
}

const REASONS = {
  'host.needs_input': 'A further connection would have to ask again',
  'host.question_expired': 'A question of ssh was not answered in time',
  'host.question_refused': 'A question of ssh was declined',
} as const;

const KIND_NAMES: Readonly<Record<HostQuestion['kind'], string>> = {
  host_key: 'the host’s key',
  passphrase: 'the passphrase',
  password: 'the password',
  code: 'a code',
  confirm: 'a confirmation',
  touch: 'the touch of a security key',
};

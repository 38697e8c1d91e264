/** Puts what a login needs to know to a person, one thing after the other. */
import type { HostQuestion } from '@farhand/shared/model/hosts';
import type { Questions } from '@farhand/shared/runtime/questions';
import { newQuestion } from '../questions/questions.ts';

const TEXT_LIMIT = 2_000;

export type Inquiry = Pick<HostQuestion, 'kind' | 'text' | 'subject'> &
  Partial<Pick<HostQuestion, 'hostKey' | 'canRemember'>>;

export interface AskerOptions {
  /** Absent where nobody can be asked. */
  readonly questions: Questions | undefined;
  /** Two minutes when absent. */
  readonly questionTimeoutMs: number | undefined;
  readonly signal: AbortSignal;
  /** While a person thinks, no time runs. */
  readonly onAsking: (isAsking: boolean) => void;
}

export class Asker {
  readonly #options: AskerOptions;
  #isRefused = false;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /** False without anybody to ask, and once a person declined: who does not want is not asked again. */
  get canAsk(): boolean {
    return this.#options.questions !== undefined && !this.#isRefused;
  }

  /** As for a question, no time runs: the agent may ask a person, or wait for the touch of a key. */
  async hold<Result>(work: Promise<Result>): Promise<Result> {
    this.#options.onAsking(true);
    try {
      return await work;
    } finally {
      this.#options.onAsking(false);
    }
  }

  /** The answer; null where there is none. */
  async ask(inquiry: Inquiry): Promise<string | null> {
    const { questions, questionTimeoutMs, signal } = this.#options;
    if (questions === undefined || this.#isRefused) return null;
    const parts = { hostKey: null, canRemember: false, ...inquiry, text: printable(inquiry.text) };
    const question = newQuestion(parts, questionTimeoutMs);
    const answer = await this.hold(questions.ask(question, signal));
    if (answer.kind === 'answered') return answer.text;
    this.#isRefused = true;
    return null;
  }
}

// The host words some questions: nothing of it may move a cursor or turn text around.
function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{C}\n\t]/gu, '\uFFFD')
    .trim()
    .slice(0, TEXT_LIMIT);
}

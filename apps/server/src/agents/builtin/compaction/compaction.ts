import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import type { AgentTurn } from '../../agent.ts';
import type { Conversation } from '../conversation.ts';
import { Interrupted } from '../interrupted.ts';
import { keptFrom } from './boundary.ts';
import { contextInUse, estimateTokens } from './estimate.ts';
import { type SummaryRequest, summarise } from './summarise.ts';
import type { SummaryMessage } from './summary-message.ts';
import { isMessage, lastSummary, requestView } from './view.ts';

/** The share of the context from which on it is summarised, and that of it which the last messages may keep. */
const FULL_AT = 0.8;
const KEPT_SHARE = 0.1;
const MOST_KEPT_TOKENS = 20_000;
/** Of a person's message that stays beside the summary, in characters. */
const LONGEST_PROMPT = 20_000;
/** After a summary that failed so many answers pass before the next try. */
const ANSWERS_BETWEEN_TRIES = 5;

/** What compaction works with in one turn. */
export interface CompactionOptions extends Pick<SummaryRequest, 'model' | 'toolbox' | 'timing' | 'onUsed'> {
  readonly turn: AgentTurn;
  readonly conversation: Conversation;
  readonly system: () => string;
  /** Tokens that the model's context has. */
  readonly limit: number;
}

/** Keeps one turn's conversation shorter than the model's context. Messages of before stay in the store. */
export class Compaction {
  readonly #options: CompactionOptions;
  /** The number of answers at which a summary failed last. */
  #failedAt = -ANSWERS_BETWEEN_TRIES;
  #rescues = 0;

  constructor(options: CompactionOptions) {
    this.#options = options;
    this.#showAgain();
  }

  /** An answer came: what it counted is shown. */
  answered(): void {
    this.#rescues = 0;
    this.report();
  }

  report(): void {
    const { turn, limit } = this.#options;
    turn.reports.session({ context: { used: this.#used, limit } });
  }

  /** Summarises where the context is nearly full. A summary that fails is told in a notice, and the turn goes on. Throws `Interrupted`. */
  async ifNeeded(): Promise<void> {
    const { conversation, limit } = this.#options;
    const answers = conversation.answers.length;
    if (this.#used < limit * FULL_AT || !this.#hasAnswerSince) return;
    if (answers - this.#failedAt < ANSWERS_BETWEEN_TRIES) return;
    try {
      await this.#summarise(Math.min(limit * KEPT_SHARE, MOST_KEPT_TOKENS), '');
    } catch (thrown) {
      this.#failedAt = answers;
      this.#tellFailure(thrown);
    }
  }

  /** For a conversation that the provider called too long: true where it is shorter now, and can be asked again. Throws `Interrupted`. */
  async rescue(): Promise<boolean> {
    this.#rescues += 1;
    if (this.#rescues > 2) return false;
    const { limit } = this.#options;
    try {
      // What did not help the first time leaves nothing the second time.
      const keepTokens = this.#rescues === 1 ? Math.min(limit * KEPT_SHARE, MOST_KEPT_TOKENS) : 0;
      if (await this.#summarise(keepTokens, '')) return true;
      return keepTokens > 0 && (await this.#summarise(0, ''));
    } catch (thrown) {
      this.#tellFailure(thrown);
      return false;
    }
  }

  /** As a person asked for it. False where there is nothing to summarise. Throws `FarhandError` and `Interrupted`. */
  async now(wish: string): Promise<boolean> {
    return await this.#summarise(0, wish);
  }

  get #used(): number {
    return contextInUse(this.#options.conversation.stored, this.#options.system());
  }

  // Without a new answer another summary would be of the same.
  get #hasAnswerSince(): boolean {
    const { stored } = this.#options.conversation;
    return stored.slice((lastSummary(stored)?.at ?? -1) + 1).some(({ role }) => role === 'assistant');
  }

  async #summarise(keepTokens: number, wish: string): Promise<boolean> {
    const { turn, conversation, system } = this.#options;
    const { stored } = conversation;
    const estimated = estimateTokens(requestView(stored));
    // In the measure of the estimate, which can be far from what the provider counts.
    const measure = Math.min(1, estimated / Math.max(1, this.#used));
    const from = keptFrom(stored, keepTokens * measure);
    const before = requestView(stored.slice(0, from));
    if (!before.some(({ role }) => role === 'assistant')) return false;
    const text = await summarise({ ...this.#options, system: system(), messages: before, wish });
    const kept = stored.slice(from).filter(isMessage);
    const whole = summaryText(text, conversation.keepsPrompt(from) ? '' : turn.prompt);
    const tokensBefore = this.#used;
    const share = estimateTokens([{ role: 'user', text: whole }, ...kept]) / estimated;
    const message: SummaryMessage = {
      role: 'summary',
      text: whole,
      from,
      item: { id: newId('item'), summary: text },
      tokensBefore,
      tokensAfter: Math.min(tokensBefore, Math.round(tokensBefore * share)),
    };
    // The message first: what a restart cuts off between the two is written again from it.
    conversation.addSummary(message);
    this.#show(message);
    this.report();
    return true;
  }

  #showAgain(): void {
    const { turn, conversation } = this.#options;
    const last = conversation.summaryOfTurn;
    if (last && !turn.readItems().some(({ id }) => id === last.item.id)) this.#show(last);
  }

  #show({ item, tokensBefore, tokensAfter }: SummaryMessage): void {
    const { turnId, transcript } = this.#options.turn;
    const at = new Date().toISOString();
    transcript.put({ ...item, turnId, at, kind: 'compaction', tokensBefore, tokensAfter });
    transcript.flush();
  }

  #tellFailure(thrown: unknown): void {
    if (thrown instanceof Interrupted) throw thrown;
    const { message } = FarhandError.from(thrown);
    const { turnId, transcript } = this.#options.turn;
    transcript.put({
      id: newId('item'),
      turnId,
      at: new Date().toISOString(),
      kind: 'notice',
      level: 'warning',
      text: `The conversation could not be summarised: ${message}`,
    });
  }
}

function summaryText(summary: string, prompt: string): string {
  const cut = prompt.length > LONGEST_PROMPT ? `${prompt.slice(0, LONGEST_PROMPT)}\n[… cut …]` : prompt;
  const parts = [
    'What came before in this conversation was left out for its length. Your own summary of it:',
    `<summary>\n${summary}\n</summary>`,
    ...(cut === ''
      ? []
      : [`The message that you are working on, as it was written:\n<message>\n${cut}\n</message>`]),
  ];
  return parts.join('\n\n');
}

import type { TokenUsage } from '@farhand/shared/model/sessions';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { TurnOutcome } from '../agents/agent.ts';
import type { TranscriptWriter } from '../transcripts/transcripts.ts';

export type TurnItem = Extract<TranscriptItem, { kind: 'turn' }>;

/** The one item that says how a turn stands. */
export class TurnRecord {
  readonly #writer: TranscriptWriter;
  #item: TurnItem;

  constructor(writer: TranscriptWriter, item: TurnItem) {
    this.#writer = writer;
    this.#item = item;
  }

  get item(): TurnItem {
    return this.#item;
  }

  update(change: Partial<TurnItem>): void {
    this.#item = { ...this.#item, ...change };
    this.#writer.put(this.#item);
  }

  used(usage: TokenUsage, costUsd: number | null): void {
    this.update({
      usage: addUsage(this.#item.usage, usage),
      costUsd: addCost(this.#item.costUsd ?? null, costUsd),
    });
  }

  /** Says how it ended. A suspended turn has not ended. */
  end(outcome: TurnOutcome): void {
    if (outcome.kind === 'suspended') return this.update({ retry: null });
    const error = outcome.kind === 'failed' ? outcome.error : null;
    this.update({ state: outcome.kind, error, retry: null, endedAt: new Date().toISOString() });
  }
}

export const NO_USAGE: TokenUsage = { input: 0, output: 0, cachedInput: 0 };

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cachedInput: a.cachedInput + b.cachedInput,
  };
}

/** The sum of what is known. */
export function addCost(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

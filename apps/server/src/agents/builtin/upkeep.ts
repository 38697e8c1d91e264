import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import type { TokenUsage } from '@farhand/shared/model/sessions';
import type { Spending } from '../../spending/spending.ts';
import type { AgentTurn, TurnOutcome } from '../agent.ts';
import type { BackgroundJobs } from './background/background-jobs.ts';
import { Compaction, type CompactionOptions } from './compaction/compaction.ts';
import { throwIfInterrupted } from './interrupted.ts';

/** What keeps a turn going between its answers: budgets, room in the context, word of commands that ended. */
export interface Upkeep {
  /** To be awaited before the model is asked. Gives the outcome where the turn ends here. Throws `Interrupted`. */
  beforeRequest(): Promise<TurnOutcome | null>;
  /** What `ask` gives; asked again, with a shorter conversation, where the provider called it too long. */
  withRoom<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
  /** An answer is stored. */
  answered(): void;
  /** US dollars; null where nobody knows. */
  costOf(usage: TokenUsage): number | null;
  /** A whole turn: summarises, as a person asked. Throws `FarhandError` (`model.*`) and `Interrupted`. */
  compact(wish: string): Promise<TurnOutcome>;
}

/** With what `Upkeep` is made for one turn. */
export interface UpkeepOptions extends Omit<CompactionOptions, 'limit' | 'onUsed'> {
  readonly spending: Spending;
  readonly background: BackgroundJobs;
}

export function createUpkeep(options: UpkeepOptions): Upkeep {
  const { turn, conversation, model, spending, background } = options;
  const costOf = (usage: TokenUsage) => spending.prices.costOf(model.ref, usage);
  const compaction = new Compaction({
    ...options,
    limit: spending.prices.contextOf(model.ref),
    onUsed: (usage) => turn.reports.used(usage, costOf(usage)),
  });
  const ensureBudget = async () => {
    const outcome = await spending.ensureBudget(turn);
    throwIfInterrupted(turn.signal);
    return outcome;
  };
  return {
    costOf,
    async beforeRequest() {
      background.tell(turn.sessionId, conversation);
      const outcome = await ensureBudget();
      if (outcome) return outcome;
      await compaction.ifNeeded();
      return null;
    },
    async withRoom(ask) {
      for (;;) {
        try {
          return await ask();
        } catch (thrown) {
          if (!FarhandError.is(thrown) || thrown.code !== 'model.context_full') throw thrown;
          if (!(await compaction.rescue())) throw thrown;
        }
      }
    },
    answered: () => compaction.answered(),
    async compact(wish) {
      if (conversation.summaryOfTurn) return { kind: 'done' };
      const outcome = await ensureBudget();
      if (outcome) return outcome;
      if (!(await compaction.now(wish))) tellNothing(turn);
      return { kind: 'done' };
    },
  };
}

function tellNothing({ turnId, transcript }: AgentTurn): void {
  transcript.put({
    id: newId('item'),
    turnId,
    at: new Date().toISOString(),
    kind: 'notice',
    level: 'info',
    text: 'There is nothing to summarise yet.',
  });
}

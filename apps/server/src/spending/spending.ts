import { newId, type SessionId } from '@farhand/shared/model/ids';
import type { TokenUsage } from '@farhand/shared/model/sessions';
import { type Budget, budget } from '@farhand/shared/model/spending';
import type { AgentTurn, TurnOutcome } from '../agents/agent.ts';
import type { Database } from '../store/database.ts';
import { boundedUsd } from './amounts.ts';
import { createDays, type Spent } from './days.ts';
import { limitWords, type ReachedLimit, reachedLimit, readAllowance, writeAllowance } from './limits.ts';
import { createPrices, type Prices } from './prices.ts';
import { addCost, rootOf, spentBy, toldCost } from './session-spending.ts';
import { readSetting, writeSetting } from './setting.ts';

/** What agents cost, and how much they may. All of it is in the store: any number of these show the same. */
export interface Spending {
  readonly prices: Prices;
  budget(): Budget;
  setBudget(budget: Budget): void;
  today(): Spent;
  /** Counts what one answer took, for today. */
  used(usage: TokenUsage, costUsd: number | null): void;
  /** Counts for today and for the session what the agent's own count of it grew by; false where it did not. */
  costGrew(id: SessionId, toldUsd: number): boolean;
  /**
   * Resolves at once with null while there is room in every budget. Where one is spent the agent is paused: a person is
   * asked, and allowing adds the same amount again for this session. Otherwise the outcome with which the turn ends.
   */
  ensureBudget(turn: BudgetTurn): Promise<TurnOutcome | null>;
}

type BudgetTurn = Pick<AgentTurn, 'sessionId' | 'turnId' | 'approvals' | 'signal' | 'transcript'>;

const SETTING = 'budget';
const NO_BUDGET: Budget = { sessionTokens: null, sessionUsd: null, dayTokens: null, dayUsd: null };

/** Spending over the embedded store; `now` is for tests. */
export function createSpending({ db, now = () => new Date() }: { db: Database; now?: () => Date }): Spending {
  const days = createDays(db, now);
  const read = () => readSetting(db, SETTING, budget) ?? NO_BUDGET;
  return {
    prices: createPrices(db),
    budget: read,
    setBudget: (set) => writeSetting(db, SETTING, set),
    today: () => days.of(days.today()),
    used: ({ input, output }, costUsd) => days.add({ tokens: input + output, usd: costUsd ?? 0 }),
    costGrew(id, told) {
      const toldUsd = boundedUsd(told);
      const before = toldCost(db, id);
      if (before === toldUsd) return false;
      // An agent that was started anew counts from nothing again.
      const usd = toldUsd > before ? toldUsd - before : toldUsd;
      db.transaction(() => {
        days.add({ tokens: 0, usd });
        addCost(db, id, { usd, toldUsd });
      });
      return usd > 0;
    },
    async ensureBudget(turn) {
      for (;;) {
        const set = read();
        if (Object.values(set).every((limit) => limit === null)) return null;
        const root = rootOf(db, turn.sessionId);
        const day = days.today();
        const raised = readAllowance(db, root, day);
        const reached = reachedLimit(set, raised, { session: spentBy(db, root), day: days.of(day) });
        if (!reached) return null;
        const decision = await ask(turn, reached, day);
        if (decision.kind === 'void') return interrupted(turn.signal);
        if (decision.kind !== 'allowed') return denied(turn, reached);
        // Read again: a sub-agent of the same session may have raised it meanwhile.
        const now = readAllowance(db, root, day);
        if (now[reached.limit] === raised[reached.limit])
          writeAllowance(db, root, { ...now, [reached.limit]: now[reached.limit] + reached.amount });
      }
    },
  };
}

function ask({ approvals, turnId, signal }: BudgetTurn, reached: ReachedLimit, day: string) {
  const subject = { kind: 'budget' as const, ...limitWords(reached) };
  const isOfDay = reached.limit === 'dayTokens' || reached.limit === 'dayUsd';
  return approvals.ask(
    {
      // A raised limit that is reached is another question; one that was denied is asked anew in the next turn.
      key: `budget ${reached.limit} ${reached.raised}${isOfDay ? ` ${day}` : ''} ${turnId}`,
      turnId,
      itemId: null,
      title: `Go on after ${subject.spent} of ${subject.limit}`,
      cwd: null,
      subject,
      effect: 'other',
      paths: [],
      canEdit: false,
      canAllowSession: false,
      why: 'The budget is spent. Allowing adds the same amount again for this session.',
    },
    signal,
  );
}

function interrupted(signal: AbortSignal): TurnOutcome {
  return signal.aborted && signal.reason === 'close' ? { kind: 'suspended' } : { kind: 'stopped' };
}

function denied({ turnId, transcript }: BudgetTurn, reached: ReachedLimit): TurnOutcome {
  const { limit, spent } = limitWords(reached);
  transcript.put({
    id: newId('item'),
    turnId,
    at: new Date().toISOString(),
    kind: 'notice',
    level: 'warning',
    text: `The agent was stopped at the budget of ${limit} (spent: ${spent}). Raise it in the settings, or send a message to be asked again.`,
  });
  return { kind: 'stopped' };
}

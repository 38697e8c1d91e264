import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Models } from '../../models/models.ts';
import type { Database } from '../../store/database.ts';
import type { Agent, AgentTurn, TurnOutcome } from '../agent.ts';
import { Conversation } from './conversation.ts';
import { Interrupted } from './interrupted.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import type { ModelTiming } from './model/retry.ts';
import { discardUnfinished } from './recover.ts';
import { SteadyHost } from './steady-host.ts';
import { systemPrompt } from './system-prompt.ts';
import { stopTurnJobs } from './turn-jobs.ts';

interface BuiltinAgentDeps {
  readonly db: Database;
  readonly models: Pick<Models, 'resolve'>;
  /** Where it differs from `MODEL_TIMING`. */
  readonly timing?: Partial<ModelTiming>;
  /** Answers in one turn before it is stopped; default 200. */
  readonly mostSteps?: number | undefined;
}

/** Farhand's own agent: any model that `models` knows, with tools that act on the workspace's host. */
export function createBuiltinAgent({ db, models, timing = {}, mostSteps }: BuiltinAgentDeps): Agent {
  const store = createMessageStore(db);
  return {
    name: 'builtin',
    async run(turn) {
      try {
        return await work({ turn, store, models, timing, mostSteps });
      } catch (thrown) {
        return ended(turn, thrown);
      }
    },
  };
}

interface Work {
  readonly turn: AgentTurn;
  readonly store: MessageStore;
  readonly models: Pick<Models, 'resolve'>;
  readonly timing: Partial<ModelTiming>;
  readonly mostSteps: number | undefined;
}

async function work({ turn, store, models, timing, mostSteps }: Work): Promise<TurnOutcome> {
  const model = models.resolve(turn.model);
  const conversation = new Conversation(store, turn.sessionId, turn.turnId);
  if (conversation.hasBegun) discardUnfinished(turn, conversation);
  else conversation.add({ role: 'user', text: turn.prompt });
  const { runtime, stopJob } = turn.place;
  const { signal } = turn;
  const host = new SteadyHost({ runtime, stopJob, signal, onContactLost: turn.reports.contactLost });
  const system = await systemPrompt(turn, host);
  // The model libraries are large: a server that only serves pages never loads them.
  const [{ runLoop, MOST_STEPS }, { MODEL_TIMING }] = await Promise.all([
    import('./loop.ts'),
    import('./model/retry.ts'),
  ]);
  return runLoop({
    turn,
    conversation,
    model,
    host,
    system,
    timing: { ...MODEL_TIMING, ...timing },
    mostSteps: mostSteps ?? MOST_STEPS,
  });
}

async function ended(turn: AgentTurn, thrown: unknown): Promise<TurnOutcome> {
  if (thrown instanceof Interrupted) {
    if (thrown.reason === 'close') return { kind: 'suspended' };
    await stopTurnJobs(turn);
    return { kind: 'stopped' };
  }
  const { code, message, hint, retryable } = FarhandError.from(thrown);
  return { kind: 'failed', error: { code, message, hint, retryable } };
}

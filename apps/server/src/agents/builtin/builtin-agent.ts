import { setMaxListeners } from 'node:events';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { tellNews } from '../../dry-run/proposal-news.ts';
import type { McpTiming } from '../../mcp/connection/connection.ts';
import { createMcpTools, type McpTools } from '../../mcp/tools/mcp-tools.ts';
import type { Models } from '../../models/models.ts';
import { createSpending, type Spending } from '../../spending/spending.ts';
import type { Database } from '../../store/database.ts';
import type { Agent, AgentTurn, TurnOutcome } from '../agent.ts';
import { readAttachments } from './attachments.ts';
import { type BackgroundJobs, createBackgroundJobs } from './background/background-jobs.ts';
import { COMPACT } from './commands/built-in.ts';
import { openControls, setControl } from './controls.ts';
import { Conversation } from './conversation.ts';
import { FolderAdvice } from './folder-advice.ts';
import { Interrupted } from './interrupted.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import type { ModelTiming } from './model/retry.ts';
import { discardUnfinished } from './recover.ts';
import { SteadyHost } from './steady-host.ts';
import type { SubAgents } from './sub-agents.ts';
import { systemPrompt } from './system-prompt.ts';
import { stopTurnChildren, stopTurnJobs } from './turn-jobs.ts';
import { setUpTurn, type TurnSetup } from './turn-setup.ts';
import { turnTools } from './turn-tools.ts';

interface BuiltinAgentDeps {
  readonly db: Database;
  readonly models: Pick<Models, 'resolve'>;
  /** Where it differs from `MODEL_TIMING`. */
  readonly timing?: Partial<ModelTiming>;
  /** Answers in one turn before it is stopped; default 200. */
  readonly mostSteps?: number | undefined;
  /** Without it there is no tool `task`. */
  readonly subAgents?: SubAgents;
  /** Where it differs from `MCP_TIMING`. */
  readonly mcpTiming?: Partial<McpTiming>;
}

/** Farhand's own agent: any model that `models` knows, with tools that act on the workspace's host. */
export function createBuiltinAgent({ db, ...deps }: BuiltinAgentDeps): Agent {
  const store = createMessageStore(db);
  const spending = createSpending({ db });
  const background = createBackgroundJobs(db);
  const mcp = createMcpTools({ db, ...(deps.mcpTiming ? { timing: deps.mcpTiming } : {}) });
  return {
    async run(turn) {
      try {
        return await work({ ...deps, turn, store, spending, background, mcp });
      } catch (thrown) {
        if (thrown instanceof Interrupted && thrown.reason === 'stop') background.dropTurn(turn, turn.turnId);
        return ended(turn, thrown, deps.subAgents);
      }
    },
    async open(session) {
      background.watch(session);
      await openControls(session);
    },
    setControl,
    async login(_session, loginId) {
      throw new FarhandError('session.unknown_control', { details: { control: loginId } });
    },
    earlier: async () => [],
    async copyMemory(from, to) {
      store.copy(from, to);
    },
    async release(sessionId) {
      background.release(sessionId);
      mcp.release(sessionId);
    },
    async close() {
      background.close();
      await mcp.close();
    },
  };
}

interface Work extends Omit<BuiltinAgentDeps, 'db'> {
  readonly turn: AgentTurn;
  readonly store: MessageStore;
  readonly spending: Spending;
  readonly background: BackgroundJobs;
  readonly mcp: McpTools;
}

async function work({ turn, store, models, timing, mostSteps, ...deps }: Work): Promise<TurnOutcome> {
  const conversation = new Conversation(store, turn.sessionId, turn.turnId);
  const { runtime, stopJob } = turn.place;
  const { signal } = turn;
  // Calls that run together all listen to it.
  setMaxListeners(0, signal);
  const host = new SteadyHost({ runtime, stopJob, signal, onContactLost: turn.reports.contactLost });
  const { subAgents = null, spending, background, mcp } = deps;
  const isSubAgent = subAgents !== null && subAgents.depth(turn.sessionId) > 0;
  const setup = await setUpTurn(turn, host, { models, isSubAgent });
  const isCompact = setup.command?.name === COMPACT;
  if (conversation.hasBegun) discardUnfinished(turn, conversation);
  else if (!isCompact) await begin(conversation, { turn, host, setup });
  background.watch(turn);
  const system = await systemPrompt(turn, host, { profile: setup.profile, isSubAgent });
  const advice = new FolderAdvice(conversation.messages);
  const others = await mcp.toolsFor(turn);
  const toolbox = turnTools({ turn, setup, advice, subAgents, others });
  // The model libraries are large: a server that only serves pages never loads them.
  const [{ runLoop, MOST_STEPS }, { MODEL_TIMING }, { createUpkeep }] = await Promise.all([
    import('./loop.ts'),
    import('./model/retry.ts'),
    import('./upkeep.ts'),
  ]);
  const times = { ...MODEL_TIMING, ...timing };
  const base = { turn, conversation, model: setup.model, toolbox, system, timing: times };
  // What stays beside a summary is the message as the model was given it.
  const asked = { ...turn, prompt: setup.prompt };
  const upkeep = createUpkeep({ ...base, turn: asked, spending, background });
  if (isCompact) return await upkeep.compact(setup.prompt);
  return runLoop({
    ...base,
    effort: setup.effort,
    host,
    upkeep,
    onBackground: (job) => background.started(turn, job),
    mostSteps: mostSteps ?? MOST_STEPS,
  });
}

async function begin(
  conversation: Conversation,
  { turn, host, setup }: { turn: AgentTurn; host: SteadyHost; setup: TurnSetup },
): Promise<void> {
  const { text, images } = await readAttachments(turn, host);
  const news = turn.dryRun?.news() ?? null;
  const store = () =>
    conversation.add({
      role: 'user',
      text: [news?.text, text, setup.prompt].filter(Boolean).join('\n\n'),
      ...(images.length > 0 ? { images: [...images] } : {}),
    });
  if (news) tellNews(turn, news, store);
  else store();
}

async function ended(
  turn: AgentTurn,
  thrown: unknown,
  subAgents: SubAgents | undefined,
): Promise<TurnOutcome> {
  if (thrown instanceof Interrupted && thrown.reason === 'close') return { kind: 'suspended' };
  if (subAgents) await stopTurnChildren(turn, subAgents);
  if (thrown instanceof Interrupted) {
    await stopTurnJobs(turn);
    return { kind: 'stopped' };
  }
  const { code, message, hint, retryable } = FarhandError.from(thrown);
  return { kind: 'failed', error: { code, message, hint, retryable } };
}

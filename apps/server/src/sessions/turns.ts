import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type Attachment, BUILTIN_AGENT } from '@farhand/shared/model/agents';
import type { SessionId } from '@farhand/shared/model/ids';
import type { SessionState } from '@farhand/shared/model/sessions';
import type { AgentTurn, Interrupt, TurnOutcome } from '../agents/agent.ts';
import type { Agents } from '../agents/agents.ts';
import type { TurnCheckpoints } from '../checkpoints/turn-checkpoints.ts';
import type { Log } from '../logging/log.ts';
import { boundedUsage, boundedUsd } from '../spending/amounts.ts';
import { type AgentSessionDeps, agentSession } from './agent-session.ts';
import { addCost, addUsage, type TurnItem, TurnRecord } from './turn-item.ts';

/** The session's state when its turn has ended; a stopped one waits for the next message. */
export const STATE_AFTER: Readonly<Record<Exclude<TurnOutcome['kind'], 'suspended'>, SessionState>> = {
  done: 'done',
  stopped: 'idle',
  failed: 'failed',
};

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** What was asked, with the item that says how the turn stands. */
export interface BegunTurn {
  readonly item: TurnItem;
  readonly prompt: string;
  readonly attachments: readonly Attachment[];
  /** True where its agent is at it already, as after a restart. */
  readonly hasBegun?: boolean;
}

/** A store that refuses (a full disk) is asked again after this. */
const STORE_AGAIN_AFTER_MS = 1000;

/** What turns need of the rest of the server. */
export interface TurnsDeps extends AgentSessionDeps {
  readonly agents: Agents;
  /** Absent where nothing can be rewound. */
  readonly checkpoints?: (() => TurnCheckpoints) | undefined;
  readonly log?: Pick<Log, 'error' | 'warn'> | undefined;
}

/** The turns that are under way in this process, at most one for each session. */
export class Turns {
  readonly #deps: TurnsDeps;
  readonly #running = new Map<SessionId, Running>();
  #isClosing = false;
  readonly #closing = new AbortController();

  constructor(deps: TurnsDeps) {
    this.#deps = deps;
  }

  isRunning(id: SessionId): boolean {
    return this.#running.has(id);
  }

  /** Runs a turn whose items are in the transcript, in the background. */
  start(id: SessionId, turn: BegunTurn): void {
    const controller = new AbortController();
    this.#deps.states.begin(id);
    const ended = this.#run(id, turn, controller.signal)
      // The store refused: the turn counts as under way, and goes on at the next start.
      .catch((cause) => this.#deps.log?.error('turn.not_stored', { sessionId: id, error: cause }))
      .finally(() => this.#running.get(id)?.controller === controller && this.#running.delete(id));
    this.#running.set(id, { controller, ended });
  }

  /** Ends the turn if there is one; resolves when nothing of it runs any more. */
  async interrupt(id: SessionId, reason: Interrupt): Promise<void> {
    const running = this.#running.get(id);
    running?.controller.abort(reason);
    await running?.ended;
  }

  async interruptAll(reason: Interrupt): Promise<void> {
    if (reason === 'close') {
      this.#isClosing = true;
      this.#closing.abort('close');
    }
    await Promise.all([...this.#running.keys()].map((id) => this.interrupt(id, reason)));
  }

  async #run(id: SessionId, turn: BegunTurn, signal: AbortSignal): Promise<void> {
    const { transcripts, records, states, workspaces, approvals } = this.#deps;
    const record = new TurnRecord(transcripts.writer(id), turn.item);
    const outcome = await this.#work(record, { id, turn, signal });
    const { checkpoints } = this.#deps;
    if (checkpoints && outcome.kind !== 'suspended')
      await checkpoints().ends(id, record.item.turnId, this.#closing.signal);
    await this.#untilStored(id, () => {
      // A question of before a restart may not have been asked again: with its turn it ends.
      if (outcome.kind !== 'suspended') approvals.voidAll(id, 'The turn has ended.', record.item.turnId);
      record.end(outcome);
      transcripts.writer(id).flush();
    });
    states.end(id);
    if (outcome.kind === 'suspended') return;
    const state = STATE_AFTER[outcome.kind];
    // Whoever hears of the end may send the next message at once.
    this.#running.delete(id);
    await this.#untilStored(id, () => {
      if (this.#running.has(id)) return;
      const { workspaceId } = records.update(id, { state });
      workspaces.refreshChanges(workspaceId);
    });
  }

  // At once where the store takes it. Otherwise the session is at work until it does, or until the server closes.
  async #untilStored(id: SessionId, write: () => void): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return write();
      } catch (error) {
        if (this.#isClosing) throw error;
        // Throws where the session is gone.
        this.#deps.records.get(id);
        if (attempt === 1) this.#deps.log?.error('turn.not_stored', { sessionId: id, error });
        await delay(STORE_AGAIN_AFTER_MS);
      }
    }
  }

  async #work(
    record: TurnRecord,
    run: { id: SessionId; turn: BegunTurn; signal: AbortSignal },
  ): Promise<TurnOutcome> {
    try {
      const { agent } = this.#deps.records.get(run.id);
      const turn = this.#agentTurn(record, run);
      const { turnId, reports } = turn;
      const { checkpoints } = this.#deps;
      const begins = {
        sessionId: run.id,
        turnId,
        hasBegun: run.turn.hasBegun === true,
        contactLost: reports.contactLost,
      };
      if (checkpoints) await checkpoints().begins(begins, run.signal);
      // The built-in agent asks before each answer; of the others only the whole prompt is in our hands. One that has its
      // prompt would work on unseen while a person is asked.
      const isAsked = agent === BUILTIN_AGENT || run.turn.hasBegun === true;
      const stopped = isAsked ? null : await this.#deps.spending.ensureBudget(turn);
      return stopped ?? (await this.#deps.agents.of(agent).run(turn));
    } catch (thrown) {
      const { code, message, hint, retryable } = FarhandError.from(thrown);
      return { kind: 'failed', error: { code, message, hint, retryable } };
    }
  }

  #agentTurn(
    record: TurnRecord,
    { id, turn, signal }: { id: SessionId; turn: BegunTurn; signal: AbortSignal },
  ): AgentTurn {
    const { records, spending } = this.#deps;
    const session = agentSession(this.#deps, id);
    return {
      ...session,
      turnId: record.item.turnId,
      prompt: turn.prompt,
      attachments: turn.attachments,
      model: record.item.model,
      signal,
      reports: {
        ...session.reports,
        session(change) {
          const before = records.get(id).costUsd ?? 0;
          session.reports.session(change);
          const { state, costUsd = null } = record.item;
          if (state !== 'working') return;
          // What an agent says of its session counts for the turn in which it says it.
          const grown = change.costUsd == null ? 0 : Math.max(0, change.costUsd - before);
          if (change.model) record.update({ model: change.model });
          if (grown > 0) record.update({ costUsd: addCost(costUsd, grown) });
        },
        used(told, toldUsd = null) {
          const usage = boundedUsage(told);
          const costUsd = toldUsd === null ? null : boundedUsd(toldUsd);
          record.used(usage, costUsd);
          spending.used(usage, costUsd);
          const before = records.get(id);
          records.update(id, {
            usage: addUsage(before.usage, usage),
            costUsd: addCost(before.costUsd, costUsd),
          });
        },
        retrying: (retry) => record.update({ retry }),
      },
    };
  }
}

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { SessionId } from '@farhand/shared/model/ids';
import type { SessionState } from '@farhand/shared/model/sessions';
import type { Agent, AgentTurn, Interrupt, TurnOutcome } from '../agents/agent.ts';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Log } from '../logging/log.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { SessionRecords } from './session-records.ts';
import { addUsage, type TurnItem, TurnRecord } from './turn-item.ts';

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

/** A person who pressed stop does not wait longer than this for a host that does not answer. */
const STOP_WITHIN_MS = 10_000;

/** What turns need of the rest of the server. */
export interface TurnsDeps {
  readonly records: SessionRecords;
  readonly transcripts: Transcripts;
  readonly agent: Agent;
  readonly workspaces: Pick<Workspaces, 'get' | 'ready' | 'refreshChanges'>;
  readonly secrets: Pick<Secrets, 'environment' | 'redactor'>;
  readonly hostTasks: HostTasks;
  readonly log?: Pick<Log, 'error'> | undefined;
}

/** The turns that are under way in this process, at most one for each session. */
export class Turns {
  readonly #deps: TurnsDeps;
  readonly #running = new Map<SessionId, Running>();

  constructor(deps: TurnsDeps) {
    this.#deps = deps;
  }

  isRunning(id: SessionId): boolean {
    return this.#running.has(id);
  }

  /** Runs a turn whose items are in the transcript, in the background. */
  start(id: SessionId, turn: { item: TurnItem; prompt: string }): void {
    const controller = new AbortController();
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
    await Promise.all([...this.#running.keys()].map((id) => this.interrupt(id, reason)));
  }

  async #run(
    id: SessionId,
    { item, prompt }: { item: TurnItem; prompt: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { transcripts, records, workspaces } = this.#deps;
    const record = new TurnRecord(transcripts.writer(id), item);
    const outcome = await this.#work(record, { id, prompt, signal });
    record.end(outcome);
    transcripts.writer(id).flush();
    if (outcome.kind === 'suspended') return;
    // Whoever hears of the end may send the next message at once.
    this.#running.delete(id);
    const { workspaceId } = records.update(id, { state: STATE_AFTER[outcome.kind] });
    workspaces.refreshChanges(workspaceId);
  }

  async #work(
    record: TurnRecord,
    run: { id: SessionId; prompt: string; signal: AbortSignal },
  ): Promise<TurnOutcome> {
    try {
      return await this.#deps.agent.run(this.#agentTurn(record, run));
    } catch (thrown) {
      const { code, message, hint, retryable } = FarhandError.from(thrown);
      return { kind: 'failed', error: { code, message, hint, retryable } };
    }
  }

  #agentTurn(
    record: TurnRecord,
    { id, prompt, signal }: { id: SessionId; prompt: string; signal: AbortSignal },
  ): AgentTurn {
    const { records, transcripts, workspaces, secrets, hostTasks } = this.#deps;
    const { workspaceId } = records.get(id);
    const { workspace, directory, runtime } = workspaces.ready(workspaceId);
    return {
      sessionId: id,
      turnId: record.item.turnId,
      prompt,
      model: record.item.model,
      place: {
        workspaceId,
        directory,
        runtime,
        stopJob: (jobId) =>
          hostTasks.do(
            { kind: 'stop_job', hostId: workspace.hostId, workspaceId, jobId, sessionId: id },
            { withinMs: STOP_WITHIN_MS },
          ),
      },
      secrets: {
        environment: () => secrets.environment(workspace.projectId),
        redactor: () => secrets.redactor(workspace.projectId),
      },
      transcript: transcripts.writer(id),
      readItems: () => transcripts.items(id),
      signal,
      reports: {
        used(usage) {
          record.used(usage);
          records.update(id, { usage: addUsage(records.get(id).usage, usage) });
        },
        retrying: (retry) => record.update({ retry }),
        contactLost: (isLost) => records.update(id, { state: isLost ? 'contact_lost' : 'working' }),
        filesChanged: () => workspaces.refreshChanges(workspaceId),
      },
    };
  }
}

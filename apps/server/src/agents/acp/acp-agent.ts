import type { SessionId } from '@farhand/shared/model/ids';
import { modeIn } from '../../dry-run/asks-first.ts';
import type { HostTask } from '../../host-tasks/task.ts';
import type { Agent, AgentSession } from '../agent.ts';
import { agentError } from './connection/errors.ts';
import { removeRecord, SessionRecord } from './connection/session-record.ts';
import { controlRequest, loginCommand, modelOf, withConfig, withValue } from './controls.ts';
import { ACP_TIMING, type AcpDeps, type AcpTiming } from './turn/deps.ts';
import { listEarlier } from './turn/earlier.ts';
import { knownInitialize, restUntouched } from './turn/idle.ts';
import { LiveSession } from './turn/live-session.ts';
import { runTurn } from './turn/run-turn.ts';

interface AcpAgentDeps extends Omit<AcpDeps, 'timing' | 'mcpServers'> {
  /** Where it differs from `ACP_TIMING`. */
  readonly timing?: Partial<AcpTiming>;
  readonly mcpServers?: AcpDeps['mcpServers'];
}

/** Agents of the Agent Client Protocol, each a durable job on the workspace's host. */
export function createAcpAgent({
  timing,
  mcpServers = async () => ({ servers: [], leftOut: [] }),
  ...given
}: AcpAgentDeps): Agent {
  return new AcpAgent({ ...given, mcpServers, timing: { ...ACP_TIMING, ...timing } });
}

class AcpAgent implements Agent {
  readonly #deps: AcpDeps;
  readonly #idle: NodeJS.Timeout;
  readonly #live = new Map<SessionId, LiveSession>();

  constructor(deps: AcpDeps) {
    this.#deps = deps;
    this.#idle = setTimeout(() => {
      try {
        restUntouched(deps, (id) => this.#live.has(id));
      } catch (error) {
        deps.log?.warn('acp_sessions.not_rested', { error });
      }
    }, deps.timing.idleMs).unref();
  }

  run: Agent['run'] = async (turn) => {
    const live = this.#of(turn);
    const outcome = await runTurn(live, turn, this.#deps);
    // The next server goes on with it: nothing more may be taken in, or answered, by this one.
    if (outcome.kind === 'suspended') {
      live.close();
      this.#live.delete(turn.sessionId);
    }
    return outcome;
  };

  open: Agent['open'] = async (session, nativeId) => {
    const live = this.#of(session);
    if (nativeId !== null) live.choose(nativeId);
    await live.ready().catch((thrown: unknown) => {
      throw agentError(thrown, session.secrets.redactor());
    });
  };

  setControl: Agent['setControl'] = async (session, control, value) => {
    const live = this.#of(session);
    const { controls, secrets } = session;
    try {
      const { link, nativeId } = await live.ready();
      const told = controls.get();
      if (told && modeIn(told)?.control === control) session.dryRun?.check(String(value));
      const { method, params } = controlRequest(controls.get(), control, value);
      const answer = await link.call<unknown>(
        method,
        { sessionId: nativeId, ...params },
        { withinMs: this.#deps.timing.answerMs },
      );
      const now = controls.get();
      if (!now) return;
      const set = withConfig(withValue(now, control, value), configOf(answer));
      controls.set(set);
      const model = modelOf(set);
      if (model !== null) session.reports.session({ model });
    } catch (thrown) {
      throw agentError(thrown, secrets.redactor());
    }
  };

  login: Agent['login'] = async (session, loginId) => {
    const live = this.#of(session);
    const { place, agent, secrets, controls } = session;
    // An agent that wants a sign-in says so when its conversation is opened, and can be asked all the same.
    await live.ready().catch(() => {});
    const { command, name } = await this.#deps.hostAgents.startCommand(agent, place.runtime);
    const inTerminal = loginCommand(knownInitialize(live.record) ?? {}, loginId, command);
    if (inTerminal !== null) return await place.openTerminal(`Sign in to ${name}`, inTerminal);
    try {
      await live.authenticate(loginId, this.#deps.timing.loginMs);
      const now = controls.get();
      if (now) controls.set({ ...now, needsLogin: false });
      await live.ready();
    } catch (thrown) {
      throw agentError(thrown, secrets.redactor());
    }
    return null;
  };

  earlier: Agent['earlier'] = (place, agent, secrets) => listEarlier({ place, agent, secrets }, this.#deps);

  copyMemory: Agent['copyMemory'] = async (_from, to) => {
    const record = this.#live.get(to)?.record ?? SessionRecord.alone(this.#deps.db, to);
    record.change({ needsPreface: true });
    record.save();
  };

  release: Agent['release'] = async (sessionId) => {
    const live = this.#live.get(sessionId);
    live?.close();
    this.#live.delete(sessionId);
    const record = live?.record ?? SessionRecord.alone(this.#deps.db, sessionId);
    const { job, former, terminals } = record.state;
    const program = job ?? former;
    const kind = 'remove_job' as const;
    const removals: HostTask[] = terminals.map((terminal) => ({ kind, ...terminal }));
    if (program) {
      const { id, hostId, workspaceId } = program;
      removals.push({ kind, hostId, workspaceId, jobId: id, agentOf: sessionId });
    }
    // Each is stored before this waits for its host; what the host cannot remove goes with the workspace.
    await Promise.allSettled(
      removals.map((task) => this.#deps.hostTasks.do(task, { withinMs: RELEASE_WITHIN_MS })),
    );
    removeRecord(this.#deps.db, sessionId);
  };

  close: Agent['close'] = async () => {
    clearTimeout(this.#idle);
    for (const live of this.#live.values()) live.close();
    this.#live.clear();
  };

  // A session whose message was not stored has another writer from then on.
  #of(session: AgentSession): LiveSession {
    const known = this.#live.get(session.sessionId);
    if (known && known.session.transcript === session.transcript) return known;
    known?.close();
    const made = new LiveSession(this.#deps, session);
    this.#live.set(session.sessionId, made);
    return made;
  }
}

/** A person who deletes a session does not wait longer for its host. */
const RELEASE_WITHIN_MS = 10_000;

function configOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'configOptions' in answer
    ? answer.configOptions
    : null;
}

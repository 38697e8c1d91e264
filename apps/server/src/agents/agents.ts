import { type AgentId, BUILTIN_AGENT } from '@farhand/shared/model/agents';
import type { Agent } from './agent.ts';

/** The adapters by agent. */
export interface Agents {
  /** The adapter that runs this agent: the built-in one, or that of the protocol. */
  of(id: AgentId): Agent;
  /** At the server's start, where there are sessions of other agents: their adapter looks after what runs for them. */
  resumeOthers(): Promise<void>;
  close(): Promise<void>;
}

/** Adapters that are loaded when first used: their libraries are large, and the start must not wait for them. */
export function createAgents(load: { builtin(): Promise<Agent>; acp(): Promise<Agent> }): Agents {
  const builtin = new LazyAgent(load.builtin);
  const acp = new LazyAgent(load.acp);
  return {
    of: (id) => (id === BUILTIN_AGENT ? builtin : acp),
    async resumeOthers() {
      await acp.load();
    },
    async close() {
      await Promise.all([builtin.close(), acp.close()]);
    },
  };
}

class LazyAgent implements Agent {
  readonly #load: () => Promise<Agent>;
  #loaded: Promise<Agent> | null = null;

  constructor(load: () => Promise<Agent>) {
    this.#load = load;
  }

  load(): Promise<Agent> {
    return (this.#loaded ??= this.#load());
  }

  run: Agent['run'] = async (turn) => (await this.load()).run(turn);
  open: Agent['open'] = async (...given) => (await this.load()).open(...given);
  setControl: Agent['setControl'] = async (...given) => (await this.load()).setControl(...given);
  login: Agent['login'] = async (...given) => (await this.load()).login(...given);
  earlier: Agent['earlier'] = async (...given) => (await this.load()).earlier(...given);
  copyMemory: Agent['copyMemory'] = async (...given) => (await this.load()).copyMemory(...given);
  release: Agent['release'] = async (sessionId) => (await this.load()).release(sessionId);

  /** Loads nothing only to close it. */
  close: Agent['close'] = async () => (await this.#loaded)?.close();
}

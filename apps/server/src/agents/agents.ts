import { type AgentId, BUILTIN_AGENT } from '@farhand/shared/model/agents';
import type { Agent } from './agent.ts';

/** The adapters by agent. */
export interface Agents {
  /** The adapter that runs this agent: the built-in one, or that of the protocol. */
  of(id: AgentId): Agent;
  close(): Promise<void>;
}

/** Adapters that are loaded when first used: their libraries are large, and the start must not wait for them. */
export function createAgents(load: { builtin(): Promise<Agent>; acp(): Promise<Agent> }): Agents {
  const builtin = lazyAgent(load.builtin);
  const acp = lazyAgent(load.acp);
  return {
    of: (id) => (id === BUILTIN_AGENT ? builtin : acp),
    async close() {
      await Promise.all([builtin.close(), acp.close()]);
    },
  };
}

function lazyAgent(load: () => Promise<Agent>): Agent {
  let loaded: Promise<Agent> | undefined;
  const agent = () => (loaded ??= load());
  return {
    run: async (turn) => (await agent()).run(turn),
    open: async (session, nativeId) => (await agent()).open(session, nativeId),
    setControl: async (...given) => (await agent()).setControl(...given),
    login: async (session, loginId) => (await agent()).login(session, loginId),
    earlier: async (...given) => (await agent()).earlier(...given),
    copyMemory: async (from, to) => (await agent()).copyMemory(from, to),
    release: async (sessionId) => (await agent()).release(sessionId),
    close: async () => (await loaded)?.close(),
  };
}

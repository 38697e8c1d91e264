import type { AgentId } from '@farhand/shared/model/agents';
import { createStoredStore, storedObject } from '@/client/stored.ts';

const store = createStoredStore<{ readonly agent: AgentId | null }>('agent', (stored) => {
  const { agent } = storedObject(stored);
  return { agent: typeof agent === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(agent) ? agent : null };
});

/** The agent that a session was begun with last in this browser. */
export const lastAgent = (): AgentId | null => store.getState().agent;

/** Remembers a choice for sessions to come. */
export const rememberAgent = (agent: AgentId): void => store.setState({ agent });

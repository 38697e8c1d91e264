import type { Scope } from '@farhand/shared/model/tokens';
import type { Caller as Asking, Headers } from '../access/access.ts';
import { AGENT_STATE } from '../sandbox/plan/known-paths.ts';
import type { Caller } from './calls/table.ts';

/** The CLI says by it that an agent speaks through it (`farhand mcp`), and which, as `claude-code`. */
export const PROGRAM_HEADER = 'farhand-agent';

/** An agent that speaks through the CLI must not answer its own questions, nor change what binds it. */
const SCOPES_OF_AGENTS: readonly Scope[] = ['read', 'run', 'write'];

/** Who was let in at the front door, as calls see it. */
export function callerOf(asking: Asking, header: Headers, signal: AbortSignal): Caller {
  if (asking.kind === 'browser') return { signal, kind: 'page', name: null };
  const agent = header(PROGRAM_HEADER);
  if (asking.kind === 'token') {
    const { name, scopes, hosts, projects } = asking.token;
    return { signal, kind: 'token', name, grant: { scopes, hosts, projects } };
  }
  if (agent === null) return { signal, kind: 'cli', name: null };
  const grant = { scopes: [...SCOPES_OF_AGENTS], hosts: null, projects: null };
  return { signal, kind: 'agent', name: nameOf(agent), grant };
}

/** By what rules know others: an agent calls itself as it likes, but not so. */
const OTHERS = /^(?:cli|page|server|terminal|builtin|comparison|custom-.*)$/i;

function nameOf(said: string): string {
  const name = said.replaceAll(/[^\w.-]/g, '').slice(0, 64) || 'mcp';
  return OTHERS.test(name) || Object.hasOwn(AGENT_STATE, name) ? `mcp-${name}` : name;
}

import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about MCP servers. */
export function mcpCalls({ mcpServers, projects }: Domains): CallsOf<'mcp'> {
  return {
    'mcp.list': ({ projectId }) => ({ servers: mcpServers.list(projectId) }),
    'mcp.set'({ server }) {
      projects.get(server.projectId);
      return done(mcpServers.set(server));
    },
    'mcp.remove': ({ projectId, name }) => done(mcpServers.remove(projectId, name)),
  };
}

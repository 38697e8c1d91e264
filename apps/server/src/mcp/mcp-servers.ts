import type { ProjectId } from '@farhand/shared/model/ids';
import { type McpServer, mcpServer } from '@farhand/shared/model/mcp';
import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { mcpServers } from '../store/schema.ts';

/** The MCP servers that a person set up for a project. What a repository says of servers is never read. */
export interface McpServers {
  /** By name. */
  list(projectId: ProjectId): McpServer[];
  /** Takes the place of the one with its name. */
  set(server: McpServer): void;
  /** A missing one is no error. */
  remove(projectId: ProjectId, name: string): void;
}

export function createMcpServers(db: Database): McpServers {
  return {
    list: (projectId) =>
      db
        .select({ server: mcpServers.server })
        .from(mcpServers)
        .where(eq(mcpServers.projectId, projectId))
        .orderBy(asc(mcpServers.name))
        .all()
        .map(({ server }) => mcpServer.parse(JSON.parse(server))),
    set(given) {
      const { projectId, name } = given;
      const server = JSON.stringify(given);
      db.insert(mcpServers)
        .values({ projectId, name, server })
        .onConflictDoUpdate({ target: [mcpServers.projectId, mcpServers.name], set: { server } })
        .run();
    },
    remove(projectId, name) {
      db.delete(mcpServers)
        .where(and(eq(mcpServers.projectId, projectId), eq(mcpServers.name, name)))
        .run();
    },
  };
}

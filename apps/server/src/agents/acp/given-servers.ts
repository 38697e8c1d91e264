import type { ProjectId } from '@farhand/shared/model/ids';
import { createMcpServers } from '../../mcp/mcp-servers.ts';
import { mcpServersFor } from '../../mcp/mcp-servers-for.ts';
import type { Database } from '../../store/database.ts';
import type { GivenServers } from './turn/deps.ts';

/** The project's MCP servers as an agent on a host is given them: none that needs a secret. */
export function givenServers(db: Database, projectId: ProjectId): GivenServers {
  // What is sent to an agent lies in a file on its host.
  const servers = mcpServersFor({ db, projectId, secrets: {} });
  const leftOut = createMcpServers(db)
    .list(projectId)
    .filter(({ name, isEnabled }) => isEnabled && servers.every((server) => server.name !== name))
    .map(({ name }) => ({ name, why: 'its secret would lie in a file on the host.' }));
  return { servers, leftOut };
}

import type { McpServer as AcpMcpServer } from '@agentclientprotocol/sdk';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { Environment } from '@farhand/shared/runtime/port';
import type { Database } from '../store/database.ts';
import { createMcpServers } from './mcp-servers.ts';

/** What `mcpServersFor` needs to know. */
export interface ServersForAgent {
  readonly db: Database;
  readonly projectId: ProjectId;
  /** The project's secrets by name, as of now. */
  readonly secrets: Environment;
}

/**
 * The project's enabled servers in the form of ACP's `session/new`: programs as the host's `sh` runs them, addresses with
 * the secret as a header. It holds secrets: never log or store it. A server
 * whose secret is not set is left out; so must be `http` ones for an agent without `mcpCapabilities.http`.
 */
export function mcpServersFor({ db, projectId, secrets }: ServersForAgent): AcpMcpServer[] {
  const enabled = createMcpServers(db)
    .list(projectId)
    .filter(({ isEnabled }) => isEnabled);
  return enabled.flatMap(({ name, transport }): AcpMcpServer[] => {
    if (transport.kind === 'stdio')
      return [{ name, command: 'sh', args: ['-c', transport.command], env: [] }];
    const { url, secret } = transport;
    const token = secret === null ? null : secrets[secret];
    if (token === undefined) return [];
    const headers = token === null ? [] : [{ name: 'Authorization', value: `Bearer ${token}` }];
    return [{ type: 'http', name, url, headers }];
  });
}

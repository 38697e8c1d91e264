import { z } from 'zod';
import { projectId } from '../../model/ids.ts';
import { mcpServer } from '../../model/mcp.ts';
import { call, none } from './call.ts';

/** Calls about MCP servers. See `calls`. */
export const mcpCalls = {
  'mcp.list': call(z.object({ projectId }), z.object({ servers: z.array(mcpServer) })),
  /** Adds it, or takes the place of the one with its name. */
  'mcp.set': call(z.object({ server: mcpServer }), none),
  'mcp.remove': call(z.object({ projectId, name: mcpServer.shape.name }), none),
} as const;

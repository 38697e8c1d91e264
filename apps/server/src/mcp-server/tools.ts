import type { Scope } from '@farhand/shared/model/tokens';
import { scopeOf } from '../api/scopes.ts';
import type { McpTool } from './tool.ts';
import { approvalTools } from './tools/approvals.ts';
import { fileTools } from './tools/files.ts';
import { hostTools } from './tools/hosts.ts';
import { runTools } from './tools/runs.ts';
import { sessionTools } from './tools/sessions.ts';
import { workspaceTools } from './tools/workspaces.ts';

/** Every tool that is offered to agents. */
export const MCP_TOOLS: readonly McpTool[] = [
  ...hostTools,
  ...workspaceTools,
  ...runTools,
  ...fileTools,
  ...sessionTools,
  ...approvalTools,
];

/** Those that somebody with these scopes may use. */
export function toolsFor(scopes: readonly Scope[]): McpTool[] {
  return MCP_TOOLS.filter(({ needs }) => needs.every((call) => scopes.includes(scopeOf(call))));
}

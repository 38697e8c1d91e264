import type { CallOutput } from '@farhand/shared/protocol/calls';
import { agentCalls } from './calls/agents.ts';
import { approvalCalls } from './calls/approvals.ts';
import { comparisonCalls } from './calls/comparisons.ts';
import { hostCalls } from './calls/hosts.ts';
import { mcpCalls } from './calls/mcp.ts';
import { modelCalls } from './calls/models.ts';
import { preferenceCalls } from './calls/preferences.ts';
import { projectCalls } from './calls/projects.ts';
import { queueCalls } from './calls/queue.ts';
import { searchCalls } from './calls/search.ts';
import { sessionCalls } from './calls/sessions.ts';
import { spendingCalls } from './calls/spending.ts';
import type { CallTable } from './calls/table.ts';
import { terminalCalls } from './calls/terminals.ts';
import { workspaceCalls } from './calls/workspaces.ts';
import type { Domains } from './domains.ts';

/** What is asked about the server itself. */
export interface ServerCalls {
  /** A URL with a fresh one-time code. */
  loginUrl(): string;
  status(): CallOutput<'server.status'>;
}

/** Every call with what answers it. */
export function createCallTable(domains: Domains, server: ServerCalls): CallTable {
  return {
    ...hostCalls(domains),
    ...projectCalls(domains),
    ...workspaceCalls(domains),
    ...terminalCalls(domains),
    ...sessionCalls(domains),
    ...modelCalls(domains),
    ...agentCalls(domains),
    ...approvalCalls(domains),
    ...comparisonCalls(domains),
    ...mcpCalls(domains),
    ...spendingCalls(domains),
    ...preferenceCalls(domains),
    ...queueCalls(domains),
    ...searchCalls(domains),
    'access.login_url': () => ({ url: server.loginUrl() }),
    'server.status': () => server.status(),
  };
}

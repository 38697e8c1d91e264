import type { CallOutput } from '@farhand/shared/protocol/calls';
import { agentCalls } from './calls/agents.ts';
import { approvalCalls } from './calls/approvals.ts';
import { auditCalls } from './calls/audit.ts';
import { checkpointCalls } from './calls/checkpoints.ts';
import { coderCalls } from './calls/coder.ts';
import { comparisonCalls } from './calls/comparisons.ts';
import { dryRunCalls } from './calls/dry-run.ts';
import { fileCalls } from './calls/files.ts';
import { hostCalls } from './calls/hosts.ts';
import { mcpCalls } from './calls/mcp.ts';
import { modelCalls } from './calls/models.ts';
import { operationCalls } from './calls/operations.ts';
import { policyCalls } from './calls/policy.ts';
import { preferenceCalls } from './calls/preferences.ts';
import { projectCalls } from './calls/projects.ts';
import { queueCalls } from './calls/queue.ts';
import { runCalls } from './calls/runs.ts';
import { sandboxCalls } from './calls/sandbox.ts';
import { searchCalls } from './calls/search.ts';
import { secretCalls } from './calls/secrets.ts';
import { sessionCalls } from './calls/sessions.ts';
import { spendingCalls } from './calls/spending.ts';
import { sudoCalls } from './calls/sudo.ts';
import type { CallTable } from './calls/table.ts';
import { terminalCalls } from './calls/terminals.ts';
import { tokenCalls } from './calls/tokens.ts';
import { workspaceCalls } from './calls/workspaces.ts';
import type { Domains } from './domains.ts';
import { withSettingRecords } from './setting-records.ts';

/** What is asked about the server itself. */
export interface ServerCalls {
  /** A URL with a fresh one-time code. */
  loginUrl(): string;
  status(): CallOutput<'server.status'>;
}

/** Every call with what answers it. */
export function createCallTable(domains: Domains, server: ServerCalls): CallTable {
  const table: CallTable = {
    ...fileCalls(domains),
    ...hostCalls(domains),
    ...projectCalls(domains),
    ...workspaceCalls(domains),
    ...sudoCalls(domains),
    ...terminalCalls(domains),
    ...secretCalls(domains),
    ...sessionCalls(domains),
    ...modelCalls(domains),
    ...agentCalls(domains),
    ...approvalCalls(domains),
    ...auditCalls(domains),
    ...coderCalls(domains),
    ...checkpointCalls(domains),
    ...dryRunCalls(domains),
    ...comparisonCalls(domains),
    ...mcpCalls(domains),
    ...spendingCalls(domains),
    ...policyCalls(domains),
    ...preferenceCalls(domains),
    ...queueCalls(domains),
    ...operationCalls(domains),
    ...runCalls(domains),
    ...sandboxCalls(domains),
    ...searchCalls(domains),
    ...tokenCalls(domains),
    'access.login_url': () => ({ url: server.loginUrl() }),
    'server.status': () => server.status(),
  };
  return withSettingRecords(table, domains);
}

import type { z } from 'zod';
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
import { serverCalls } from './calls/server.ts';
import { sessionCalls } from './calls/sessions.ts';
import { spendingCalls } from './calls/spending.ts';
import { sudoCalls } from './calls/sudo.ts';
import { terminalCalls } from './calls/terminals.ts';
import { tokenCalls } from './calls/tokens.ts';
import { workspaceCalls } from './calls/workspaces.ts';

/**
 * Every call of the API: `POST /api/<name>` with the input as JSON; answered by `{ ok: true, data }` or
 * `{ ok: false, error }` (the JSON of a `FarhandError`). What changes by a call also reaches subscribers of `state`.
 */
export const calls = {
  ...agentCalls,
  ...approvalCalls,
  ...auditCalls,
  ...checkpointCalls,
  ...coderCalls,
  ...comparisonCalls,
  ...dryRunCalls,
  ...fileCalls,
  ...hostCalls,
  ...mcpCalls,
  ...modelCalls,
  ...policyCalls,
  ...preferenceCalls,
  ...projectCalls,
  ...queueCalls,
  ...operationCalls,
  ...runCalls,
  ...sandboxCalls,
  ...searchCalls,
  ...secretCalls,
  ...serverCalls,
  ...sessionCalls,
  ...spendingCalls,
  ...sudoCalls,
  ...terminalCalls,
  ...tokenCalls,
  ...workspaceCalls,
} as const;
export type CallName = keyof typeof calls;
/** What a caller gives: defaults may be left out. */
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>;
/** What the server's code gets: defaults filled in. */
export type ParsedInput<Name extends CallName> = z.output<(typeof calls)[Name]['input']>;
export type CallOutput<Name extends CallName> = z.output<(typeof calls)[Name]['output']>;

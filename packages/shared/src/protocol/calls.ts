import type { z } from 'zod';
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
import { serverCalls } from './calls/server.ts';
import { sessionCalls } from './calls/sessions.ts';
import { spendingCalls } from './calls/spending.ts';
import { terminalCalls } from './calls/terminals.ts';
import { workspaceCalls } from './calls/workspaces.ts';

/**
 * Every call of the API: `POST /api/<name>` with the input as JSON; answered by `{ ok: true, data }` or
 * `{ ok: false, error }` (the JSON of a `FarhandError`). What changes by a call also reaches subscribers of `state`.
 */
export const calls = {
  ...agentCalls,
  ...approvalCalls,
  ...comparisonCalls,
  ...hostCalls,
  ...mcpCalls,
  ...modelCalls,
  ...preferenceCalls,
  ...projectCalls,
  ...queueCalls,
  ...searchCalls,
  ...serverCalls,
  ...sessionCalls,
  ...spendingCalls,
  ...terminalCalls,
  ...workspaceCalls,
} as const;
export type CallName = keyof typeof calls;
/** What a caller gives: defaults may be left out. */
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>;
/** What the server's code gets: defaults filled in. */
export type ParsedInput<Name extends CallName> = z.output<(typeof calls)[Name]['input']>;
export type CallOutput<Name extends CallName> = z.output<(typeof calls)[Name]['output']>;

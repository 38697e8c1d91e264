import { agentErrors } from './rows/agents.ts';
import { checkpointErrors } from './rows/checkpoints.ts';
import { coderErrors } from './rows/coder.ts';
import { hostErrors } from './rows/hosts.ts';
import { policyErrors } from './rows/policy.ts';
import type { ErrorRow } from './rows/row.ts';
import { runErrors } from './rows/runs.ts';
import { sandboxErrors } from './rows/sandbox.ts';
import { secretErrors } from './rows/secrets.ts';
import { serverErrors } from './rows/server.ts';
import { tokenErrors } from './rows/tokens.ts';

const rows = {
  ...policyErrors,
  ...runErrors,
  ...serverErrors,
  ...hostErrors,
  ...agentErrors,
  ...sandboxErrors,
  ...coderErrors,
  ...tokenErrors,
  ...checkpointErrors,
  ...secretErrors,
};

/** `noun.reason`. */
export type ErrorCode = keyof typeof rows;

/** Every error that Farhand reports: its sentence, next step, whether retrying can help, and HTTP status. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorRow>> = rows;

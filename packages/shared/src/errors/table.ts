import { agentErrors } from './rows/agents.ts';
import { hostErrors } from './rows/hosts.ts';
import type { ErrorRow } from './rows/row.ts';
import { serverErrors } from './rows/server.ts';

const rows = { ...serverErrors, ...hostErrors, ...agentErrors };

/** `noun.reason`. */
export type ErrorCode = keyof typeof rows;

/** Every error that Farhand reports: its sentence, next step, whether retrying can help, and HTTP status. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorRow>> = rows;

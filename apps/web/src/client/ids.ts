import type { HostId } from '@farhand/shared/model/hosts';
import type { ApprovalId, ComparisonId, SessionId, TerminalId, WorkspaceId } from '@farhand/shared/model/ids';

// The shared parsers bring zod with them, a tenth of what the page loads before it can be used.
const reader = <Id extends string>(prefix: string) => {
  const form = new RegExp(`^${prefix}_[a-z2-7]{20}$`);
  return (value: unknown): Id | null =>
    typeof value === 'string' && form.test(value) ? (value as Id) : null;
};

/** `value` as the id of a workspace out of an address or storage; null where it is none. */
export const readWorkspaceId = reader<WorkspaceId>('ws');
/** The same for a session. */
export const readSessionId = reader<SessionId>('ses');
/** The same for a terminal. */
export const readTerminalId = reader<TerminalId>('trm');

/** The same for a comparison. */
export const readComparisonId = reader<ComparisonId>('cmp');

/** The same for an approval. */
export const readApprovalId = reader<ApprovalId>('apr');

/** The server's own machine. */
export const LOCAL_HOST = 'local' as HostId;

/** The agent that runs in the server itself; as `BUILTIN_AGENT` of the shared model. */
export const BUILTIN_AGENT = 'builtin';

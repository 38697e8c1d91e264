import type { ConnectionState } from '@farhand/shared/model/hosts';

/**
 * The connection as it is shown where it may not flicker: an attempt among retries is still a retry, whose time has
 * come.
 */
export function steadyConnection(before: ConnectionState, next: ConnectionState): ConnectionState {
  if (next.state !== 'connecting' || before.state !== 'retrying') return next;
  return { ...before, nextAt: new Date(0).toISOString() };
}

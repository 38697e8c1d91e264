import type { Workspace } from '@farhand/shared/model/workspaces';
import { hostName } from '../hosts/connection-text.ts';

interface WaitText {
  /** For a row, beside the host. */
  readonly short: string;
  /** A whole sentence. */
  readonly long: string;
}

const DOING = { archiving: 'Archiving', deleting: 'Deleting' } as const;

/** What is being done with a workspace and will be without the person; null where nothing is. */
export function waitText({ state, isWaitingForHost, hostId, name }: Workspace): WaitText | null {
  if (state !== 'archiving' && state !== 'deleting') return null;
  const host = hostName(hostId);
  return isWaitingForHost
    ? { short: 'waits', long: `${DOING[state]} waits for ${host}; done when it is back.` }
    : { short: state, long: `${DOING[state]} ${name}.` };
}

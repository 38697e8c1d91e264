import type { Workspace } from '@farhand/shared/model/workspaces';
import { hostName } from '../hosts/connection-text.ts';
import { moveText } from './move-text.ts';

interface WaitText {
  /** For a row, beside the host. */
  readonly short: string;
  /** A whole sentence. */
  readonly long: string;
}

const DOING = { archiving: 'Archiving', deleting: 'Deleting' } as const;

/** What is being done with a workspace and will be without the person; null where nothing is. */
export function waitText(workspace: Workspace): WaitText | null {
  const { state, isWaitingForHost, hostId, name } = workspace;
  const moving = moveText(workspace);
  if (moving && workspace.move?.state !== 'clearing' && state !== 'deleting')
    return { short: workspace.move?.state === 'waiting' ? 'will move' : 'moving', long: moving.title };
  if (state !== 'archiving' && state !== 'deleting') return null;
  const host = hostName(hostId);
  return isWaitingForHost
    ? { short: 'waits', long: `${DOING[state]} waits for ${host}; done when it is back.` }
    : { short: state, long: `${DOING[state]} ${name}.` };
}

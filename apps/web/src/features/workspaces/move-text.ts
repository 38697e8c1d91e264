import type { Workspace } from '@farhand/shared/model/workspaces';
import { hostName } from '../hosts/connection-text.ts';

/** What is said of a workspace on its way to another host. */
export interface MoveText {
  readonly title: string;
  readonly text: string;
}

/** In which state its move is, in words; null for one that is not moving. */
export function moveText({ name, hostId, move, isWaitingForHost }: MoveFacts): MoveText | null {
  if (!move) return null;
  const other = hostName(move.hostId);
  switch (move.state) {
    case 'waiting':
      return {
        title: `Moves to ${other}`,
        text: 'It goes when the running turns have ended; new messages wait until it is there.',
      };
    case 'capturing':
      return {
        title: `Moving ${name} to ${other}`,
        text: isWaitingForHost
          ? `Its files are fetched from ${hostName(hostId)} when that is back.`
          : `Its files and its uncommitted work are fetched from ${hostName(hostId)}.`,
      };
    case 'making':
      return {
        title: `Moving ${name} to ${hostName(hostId)}`,
        text: 'If it cannot be made there, it stays where it was.',
      };
    case 'clearing':
      return {
        title: `Moved to ${hostName(hostId)}`,
        text: `Its old folder on ${other} is removed ${isWaitingForHost ? 'when that host is back' : 'now'}.`,
      };
  }
}

type MoveFacts = Pick<Workspace, 'name' | 'hostId' | 'move' | 'isWaitingForHost'>;

import { actorText } from '@farhand/shared/model/actor-text';
import type { Run } from '@farhand/shared/model/runs';
import { agentName } from '../sessions/agent-name.ts';

/** How a run stands, in a few words. */
export function runStateText({ state, exit }: Run): string {
  switch (state) {
    case 'asking':
      return 'Waits to be allowed';
    case 'running':
      return 'Running';
    case 'denied':
      return 'Denied';
    case 'cancelled':
      return 'Cancelled';
    case 'failed':
      return 'Failed';
    case 'ended':
      if (exit?.kind === 'exited') return exit.code === 0 ? 'Done' : `Exit status ${exit.code}`;
      return exit?.kind === 'signaled' ? `Ended by ${exit.signal}` : 'Ended';
  }
}

/** The mark for it, as of agents. */
export function runStatus({ state, exit }: Run): 'blocked' | 'working' | 'done' | 'failed' | 'idle' {
  if (state === 'asking') return 'blocked';
  if (state === 'running') return 'working';
  if (state === 'ended') return exit?.kind === 'exited' && exit.code === 0 ? 'done' : 'failed';
  return state === 'failed' || state === 'denied' ? 'failed' : 'idle';
}

/** Who started it, as a person knows them. */
export const runStarter = ({ by }: Pick<Run, 'by'>): string => actorText(by, agentName);

import { actorText } from '@farhand/shared/model/actor-text';
import type { Approval } from '@farhand/shared/model/approvals';
import { agentName } from '../sessions/agent-name.ts';

/** Who asks, as a person knows it: an agent, a token, or a command of their own. */
export const askerName = ({ agent, by }: Pick<Approval, 'agent' | 'by'>): string =>
  agent === null ? actorText(by, agentName) : agentName(agent);

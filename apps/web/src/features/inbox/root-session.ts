import type { SessionId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';

// Sub-agents of sub-agents; a chain that is longer, or bites its tail, is not followed.
const DEEPEST = 8;

/** The session that a person sees for this one: of a sub-agent, the one that it works for in the end. */
export function rootSession(sessions: Readonly<Record<string, Session>>, id: SessionId): SessionId {
  let root = id;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const parent: Session['parent'] | undefined = sessions[root]?.parent;
    if (parent?.kind !== 'subagent') return root;
    root = parent.sessionId;
  }
  return root;
}

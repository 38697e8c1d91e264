import { newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { TurnState } from '@farhand/shared/model/transcripts';
import { type AgentTurn, promptOf } from './agent-script.ts';
import type { SeenSession } from './seen-session.ts';
import { ask, type Work } from './work.ts';

/** A turn that was asked for, and where. */
export interface AskedTurn {
  readonly turn: AgentTurn;
  readonly sessionId: SessionId;
}

/** A conversation is sent whole with each request: a long one would only cost time. */
export const TURNS_OF_A_SESSION = 5;

/** Has an agent count, turn after turn, until it is to stop; gives what it asked for. */
export async function runAgent(work: Work, workspaceId: WorkspaceId, name: string): Promise<AskedTurn[]> {
  const { world, random, stopping, deadline } = work;
  const asked: AskedTurn[] = [];
  let sessionId: SessionId | null = null;
  while (!stopping.aborted) {
    if (sessionId === null || asked.length % TURNS_OF_A_SESSION === 0)
      sessionId = await openSession(work, workspaceId);
    const turn = { name: `${name}t${asked.length}`, seed: random.below(2 ** 31) };
    asked.push({ turn, sessionId });
    const text = promptOf(turn);
    await prompt(work, sessionId, text);
    const seen = world.page.watchSession(sessionId);
    await world.page.until(() => hasEnded(seen, text), `turn ${turn.name}`, deadline);
  }
  return asked;
}

/** A session that the page watches. One that was made and not answered for stays empty. */
export async function openSession({ world, deadline }: Work, workspaceId: WorkspaceId): Promise<SessionId> {
  const { session } = await ask(() => world.client.call('session.create', { workspaceId }), deadline);
  world.page.watchSession(session.id);
  return session.id;
}

/** Sends a message; where no answer came it is sent again under the same id, which must begin nothing anew. */
export async function prompt(
  { world, tally, deadline }: Work,
  sessionId: SessionId,
  text: string,
): Promise<void> {
  const messageId = newId('item');
  let times = 0;
  try {
    await ask(() => {
      times++;
      return world.client.call('session.prompt', { sessionId, text, messageId });
    }, deadline);
  } catch (error) {
    tally.problem('false_refusal', sessionId, `${text} ${String(error)}`);
    throw error;
  }
  if (times > 1) tally.fact('prompts sent again');
}

/** How the turn stands that this message began; undefined until the page has been told of it. */
export function turnState(seen: SeenSession, text: string): TurnState | undefined {
  const message = seen.items.find((item) => item.kind === 'user_message' && item.text === text);
  const turn = seen.items.find((item) => item.kind === 'turn' && item.turnId === message?.turnId);
  return turn?.kind === 'turn' ? turn.state : undefined;
}

/** True once it is known how the turn ended. */
export const hasEnded = (seen: SeenSession, text: string): boolean =>
  !['working', undefined].includes(turnState(seen, text));

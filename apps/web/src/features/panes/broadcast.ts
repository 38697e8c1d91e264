import type { ItemId, MessageId } from '@farhand/shared/model/ids';
import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { Session } from '@farhand/shared/model/sessions';
import { isTurnOpen, mustQueue } from '../composer/queue.ts';

/** Whether a session gets the prompt: as the person chose, and otherwise where no turn goes on. */
export const isChosen = (
  session: Pick<Session, 'id' | 'state'>,
  chosen: Readonly<Record<string, boolean>>,
): boolean => chosen[session.id] ?? !isTurnOpen(session.state);

/** What became of the prompt at one session. */
export type Outcome =
  | { readonly state: 'sending' }
  | { readonly state: 'sent' }
  | { readonly state: 'queued' }
  | { readonly state: 'failed'; readonly error: unknown };

interface Ways {
  prompt(input: {
    sessionId: Session['id'];
    text: string;
    model: string | null;
    messageId: ItemId;
  }): Promise<unknown>;
  queue(input: {
    sessionId: Session['id'];
    text: string;
    model: string | null;
    messageId: MessageId;
  }): Promise<unknown>;
}

interface Sending {
  readonly queued: readonly QueuedMessage[];
  /** The 20 letters of the message's id: the same for a try that is made again. */
  readonly id: string;
}

/** Gives one session the prompt, behind its turn where one goes on. Never throws: the outcome says what failed. */
export async function sendOne(
  session: Pick<Session, 'id' | 'state' | 'model'>,
  text: string,
  { queued, id, prompt, queue }: Sending & Ways,
): Promise<Outcome> {
  const message = { sessionId: session.id, text, model: session.model };
  const waits = queued.filter(({ sessionId }) => sessionId === session.id);
  try {
    if (mustQueue(session.state, waits)) {
      await queue({ ...message, messageId: `msg_${id}` as MessageId });
      return { state: 'queued' };
    }
    await prompt({ ...message, messageId: `itm_${id}` as ItemId });
    return { state: 'sent' };
  } catch (error) {
    return { state: 'failed', error };
  }
}

/** What became of all of them in one line, as `3 sent, 1 queued, 1 failed`. */
export function outcomeText(outcomes: readonly Outcome[]): string {
  const count = (state: Outcome['state']) => outcomes.filter((outcome) => outcome.state === state).length;
  return (['sent', 'queued', 'failed'] as const)
    .flatMap((state) => (count(state) === 0 ? [] : [`${count(state)} ${state}`]))
    .join(', ');
}

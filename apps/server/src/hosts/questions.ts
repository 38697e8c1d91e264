/** What connections ask of a person, from the question to its answer. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId, HostQuestion } from '@farhand/shared/model/hosts';
import type { Answer, Questions } from '@farhand/shared/runtime/questions';

/** As the call `host.answer` brings it. */
export interface GivenAnswer {
  readonly questionId: string;
  /** Null refuses. */
  readonly answer: string | null;
  readonly remember: boolean;
}

export interface HostQuestions {
  /** What the runtime of this host asks through. */
  of(hostId: HostId): Questions;
  /** Hands the answer on; it is kept nowhere here. Throws `host.question_not_found` unless it still waits. */
  answer(hostId: HostId, given: GivenAnswer): void;
}

type Settle = (answer: Answer) => void;

const REFUSED: Answer = { kind: 'refused' };

export function createHostQuestions(): HostQuestions {
  // By host first: the id of a question is only known to be its own within a connection.
  const waiting = new Map<HostId, Map<string, Settle>>();

  const ask = (hostId: HostId, question: HostQuestion, signal: AbortSignal): Promise<Answer> =>
    new Promise((resolve) => {
      const ofHost = waiting.get(hostId) ?? new Map<string, Settle>();
      waiting.set(hostId, ofHost);
      const settle: Settle = (answer) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', refuse);
        if (ofHost.get(question.id) === settle) ofHost.delete(question.id);
        if (ofHost.size === 0 && waiting.get(hostId) === ofHost) waiting.delete(hostId);
        resolve(answer);
      };
      const refuse = () => settle(REFUSED);
      const timer = setTimeout(refuse, Math.max(0, Date.parse(question.expiresAt) - Date.now()));
      ofHost.set(question.id, settle);
      signal.addEventListener('abort', refuse);
      if (signal.aborted) refuse();
    });

  return {
    of: (hostId) => ({ ask: (question, signal) => ask(hostId, question, signal) }),
    answer(hostId, { questionId, answer, remember }) {
      const settle = waiting.get(hostId)?.get(questionId);
      if (!settle) throw new FarhandError('host.question_not_found', { details: { hostId } });
      settle(answer === null ? REFUSED : { kind: 'answered', text: answer, remember });
    },
  };
}

import type { HostQuestion } from '@farhand/shared/model/hosts';
import type { Answer, Questions } from '@farhand/shared/runtime/questions';

export const REFUSED: Answer = { kind: 'refused' };

export function answered(text: string, remember = false): Answer {
  return { kind: 'answered', text, remember };
}

export interface Person extends Questions {
  /** All that was asked, in order. */
  readonly asked: readonly HostQuestion[];
  /** Resolves when the question of this number (1 is the first) has been asked. */
  untilAsked(count: number): Promise<HostQuestion>;
}

/** Somebody who answers at once by `answer`; a promise lets them think. */
export function person(answer: (question: HostQuestion) => Answer | Promise<Answer>): Person {
  const asked: HostQuestion[] = [];
  const waiting: (() => void)[] = [];
  return {
    asked,
    ask: async (question, signal) => {
      asked.push(question);
      for (const look of waiting.splice(0)) look();
      const withdrawn = new Promise<Answer>((resolve) =>
        signal.addEventListener('abort', () => resolve(REFUSED), { once: true }),
      );
      return await Promise.race([answer(question), withdrawn]);
    },
    untilAsked: async (count) => {
      while (asked.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return asked[count - 1] as HostQuestion;
    },
  };
}

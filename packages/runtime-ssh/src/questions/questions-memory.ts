import type { HostQuestion } from '@farhand/shared/model/hosts';

/** Answers that a person lets us keep, in this process's memory and nowhere else. */
const answers = new Map<string, string>();

/** What is kept for the questions of one host. A key's passphrase holds for every host, a password only for its own. */
export class AnswerMemory {
  readonly #scope: string;

  /** `scope` tells hosts apart; two that share it share their passwords. */
  constructor(scope: string) {
    this.#scope = scope;
  }

  /** Null where nothing is kept for this question's kind and subject. */
  recall(question: HostQuestion): string | null {
    return answers.get(this.#keyOf(question)) ?? null;
  }

  keep(question: HostQuestion, text: string): void {
    answers.set(this.#keyOf(question), text);
  }

  forget(question: HostQuestion): void {
    answers.delete(this.#keyOf(question));
  }

  // Names of accounts repeat from network to network; the path of a key is of this machine.
  #keyOf({ kind, subject }: HostQuestion): string {
    return JSON.stringify([kind === 'passphrase' ? null : this.#scope, kind, subject]);
  }
}

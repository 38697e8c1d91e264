/** How what connects puts a question to a person. */
import type { HostQuestion } from '../model/hosts.ts';

/** `text` goes to ssh as it is: `yes` for trust or consent, otherwise the secret itself. Never logged, never stored. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly text: string;
      /** Keep it in memory for the server's life; only heeded where the question `canRemember`. */
      readonly remember: boolean;
    }
  /** Declined, expired or withdrawn. */
  | { readonly kind: 'refused' };

export interface Questions {
  /**
   * The person's answer. Never rejects: `refused` once `signal` is aborted, at `expiresAt`, and where the person
   * declines. One at a time for each connection.
   */
  ask(question: HostQuestion, signal: AbortSignal): Promise<Answer>;
}

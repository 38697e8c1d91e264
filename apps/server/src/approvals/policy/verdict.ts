/**
 * What something does, as far as can be seen: it only reads in the workspace, it may change things there, or it leaves
 * the workspace or cannot be judged. `because` ends the sentence “The policy asks for …, and …”.
 */
export interface Verdict {
  readonly effect: 'read' | 'inside' | 'outside';
  readonly because: string;
}

export const reads: Verdict = { effect: 'read', because: 'it reads' };

export const changes = (what: string): Verdict => ({ effect: 'inside', because: `${what} changes things` });

export const leaves = (because: string): Verdict => ({ effect: 'outside', because });

const ORDER = ['read', 'inside', 'outside'] as const;

/** The one that does most; the first of those that do the same. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce(
    (most, one) => (ORDER.indexOf(one.effect) > ORDER.indexOf(most.effect) ? one : most),
    reads,
  );
}

/** A program or file as it is named in a sentence: short, and nothing in it that could be taken for the sentence. */
export function named(text: string): string {
  return /^[\w./+@:-]{1,60}$/.test(text) ? `\`${text}\`` : 'a part of it';
}

const LONGEST = 300;

/** A host's words on one line, short, and without letters that a terminal or a reader's eye would be led astray by. */
export function printableLine(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/\p{C}/gu, '\uFFFD').trim().slice(0, LONGEST);
}

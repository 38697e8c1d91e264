const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

// As `newId` of the shared model makes them, which would bring its parsers with it.
function random(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => ALPHABET[byte & 31]).join('');
}

interface Tried {
  readonly content: string;
  readonly id: string;
}

/**
 * The ids of the messages of one composer. A message that is tried again unchanged, after an answer that was lost, has
 * the same id, so that the server takes it once.
 */
export class MessageIds {
  #tried: Tried | null = null;

  /** The 20 letters of an id for this content. */
  for(content: string): string {
    if (this.#tried?.content !== content) this.#tried = { content, id: random() };
    return this.#tried.id;
  }

  /** The server has answered: the same words are another message from now on. */
  settle(): void {
    this.#tried = null;
  }
}

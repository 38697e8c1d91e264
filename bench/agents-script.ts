import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';

/** The message that makes an agent stream until `StreamScript.end` was called. */
export const STREAM = 'Stream until you are told to end.';

const WORDS = 'The total is taken in cents, and the discount is a share of it; the tests say so. '.repeat(8);
const PIECES = 60;
const PIECE_MS = 50;
const LINES = 'for i in $(seq 1 60); do echo "line $i: src/cart.js is read, 14 tests pass"; sleep 0.05; done';

/** A model whose agents say three seconds of text and run a command that prints for three seconds, again and again. */
export class StreamScript {
  #isEnding = false;

  readonly answer = (request: ModelRequest): readonly ModelStep[] => {
    if (request.lastUserText !== STREAM || this.#isEnding) return [{ text: 'That was the end.' }];
    return [
      { text: `## Part ${request.step + 1}\n\n${WORDS}`, chunks: PIECES, delayMs: PIECE_MS },
      { call: { name: 'bash', arguments: { command: LINES } } },
      { usage: { input: 1200, output: 80 } },
    ];
  };

  /** Every agent ends with the command that it runs now. */
  end(): void {
    this.#isEnding = true;
  }

  begin(): void {
    this.#isEnding = false;
  }
}

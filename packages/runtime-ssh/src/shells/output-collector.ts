import { FarhandError } from '@farhand/shared/errors/farhand-error';

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/** One stream of a command's output: given to the callback where there is one, otherwise kept up to a limit. */
export class OutputCollector {
  readonly #onBytes: ((bytes: Uint8Array) => void | Promise<void>) | undefined;
  readonly #maxBytes: number;
  readonly #onTooMuch: (error: FarhandError) => void;
  #parts: Uint8Array[] = [];
  #total = 0;
  #hasTold = false;

  constructor(
    onBytes: ((bytes: Uint8Array) => void | Promise<void>) | undefined,
    maxBytes = DEFAULT_MAX_BYTES,
    onTooMuch: (error: FarhandError) => void,
  ) {
    this.#onBytes = onBytes;
    this.#maxBytes = maxBytes;
    this.#onTooMuch = onTooMuch;
  }

  push(bytes: Buffer): void | Promise<void> {
    if (this.#onBytes !== undefined) return this.#onBytes(bytes);
    this.#total += bytes.length;
    if (this.#total <= this.#maxBytes) {
      this.#parts.push(bytes);
      return undefined;
    }
    // The command still has to be ended and waited for: what it prints meanwhile is dropped.
    this.#parts = [];
    if (!this.#hasTold) this.#onTooMuch(tooLarge(this.#maxBytes));
    this.#hasTold = true;
    return undefined;
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}

function tooLarge(maxOutputBytes: number): FarhandError {
  return new FarhandError('command.output_too_large', {
    message: `The command printed more than ${maxOutputBytes} bytes.`,
    details: { maxOutputBytes },
  });
}

import type { TerminalId } from '@farhand/shared/model/ids';
import type { ServerFrame } from '@farhand/shared/protocol/frames';
import type { Tally } from './tally.ts';

/** A terminal's output by offset as it came over any number of sockets. */
export class SeenTerminal {
  end = 0;
  readonly #pieces: Uint8Array[] = [];
  readonly #id: TerminalId;
  readonly #tally: Tally;
  #ofSubscription = 0;

  constructor(id: TerminalId, tally: Tally) {
    this.#id = id;
    this.#tally = tally;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** A new subscription after the last byte. */
  begin(): void {
    this.#ofSubscription = 0;
  }

  /** Gives how many bytes this subscription has brought. */
  take(offset: number, bytes: Uint8Array): number {
    if (offset !== this.end) {
      const kind = offset > this.end ? 'lost' : 'repeated';
      this.#tally.problem(kind, this.#id, `byte ${offset} came where byte ${this.end} was due`);
    }
    const known = Math.max(0, this.end - offset);
    if (known < bytes.byteLength) this.#pieces.push(Uint8Array.from(bytes.subarray(known)));
    this.end = Math.max(this.end, offset + bytes.byteLength);
    this.#ofSubscription += bytes.byteLength;
    return this.#ofSubscription;
  }

  frame(frame: ServerFrame): void {
    if (frame.type === 'terminal_missed')
      this.#tally.problem('lost', this.#id, `bytes ${frame.from} to ${frame.to} were said to be gone`);
    // Nothing ends a terminal in a run.
    if (frame.type === 'terminal_state' && frame.state === 'ended')
      this.#tally.problem('false_exit', this.#id, `said to have ended: ${JSON.stringify(frame.exit)}`);
  }
}

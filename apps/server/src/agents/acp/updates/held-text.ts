import type { Redactor } from '../../../secrets/redactor.ts';
import type { KeptPlace } from '../connection/kept.ts';

/**
 * A text that comes in pieces, secrets redacted across their borders. What may be the beginning of a secret is not given
 * yet but kept under `of`, so that a later server goes on with it.
 */
export class HeldText {
  readonly #place: KeptPlace;
  readonly #of: string;
  readonly #stream: ReturnType<Redactor['stream']>;

  constructor(place: KeptPlace, of: string, redactor: Redactor) {
    this.#place = place;
    this.#of = of;
    this.#stream = redactor.stream();
    const before = place.kept.held.find((one) => one.of === of)?.text;
    // What it gives for this was given before.
    if (before !== undefined) this.#stream.push(before);
  }

  push(chunk: string): string {
    const given = this.#stream.push(chunk);
    this.#keep(this.#stream.rest());
    return given;
  }

  end(): string {
    const given = this.#stream.end();
    this.#keep('');
    return given;
  }

  #keep(rest: string): void {
    const { held } = this.#place.kept;
    const before = held.find(({ of }) => of === this.#of)?.text ?? '';
    if (before === rest) return;
    const others = held.filter(({ of }) => of !== this.#of);
    this.#place.keep({ held: rest === '' ? others : [...others, { of: this.#of, text: rest }] });
  }
}

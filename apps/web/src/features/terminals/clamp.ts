const ESC = 0x1b;
const BRACKET = 0x5b;
/** CSI as one character: C2 9B in UTF-8. */
const C1_LEAD = 0xc2;
const C1_CSI = 0x9b;
/** No screen has more rows or columns: whatever counts them is the same above it. */
const MOST = 1000;
/** Longer parameters are no program's: the sequence is dropped. */
const LONGEST_BYTES = 256;

// What xterm does once for each unit of a number: two thousand million of them stop the page for minutes.
const COUNTING = new Set(Array.from('@ILMPSTXZbAaBCDEFGHdef`', (final) => final.charCodeAt(0)));

type Place = 'text' | 'escape' | 'lead' | 'csi' | 'too_long';

/**
 * Output whose control sequences count no further than a screen does; everything else passes as it is. Keeps its place
 * between calls, so a sequence may be cut anywhere; its beginning is then held back until the rest comes.
 */
export class Clamp {
  #place: Place = 'text';
  #held: number[] = [];
  #out = new Uint8Array();
  #length = 0;

  push(bytes: Uint8Array): Uint8Array {
    if (this.#place === 'text' && !bytes.includes(ESC) && !bytes.includes(C1_LEAD)) return bytes;
    // A sequence never grows here.
    this.#out = new Uint8Array(this.#held.length + bytes.length);
    this.#length = 0;
    for (const byte of bytes) this.#take(byte);
    return this.#out.subarray(0, this.#length);
  }

  #take(byte: number): void {
    if (this.#place === 'text') this.#takeText(byte);
    else if (this.#place === 'csi') this.#takeCsi(byte);
    else if (this.#place === 'too_long') this.#skip(byte);
    else if (byte === (this.#place === 'escape' ? BRACKET : C1_CSI)) {
      this.#held.push(byte);
      this.#place = 'csi';
    } else {
      this.#giveHeld();
      this.#takeText(byte);
    }
  }

  #takeText(byte: number): void {
    if (byte === ESC || byte === C1_LEAD) {
      this.#place = byte === ESC ? 'escape' : 'lead';
      this.#held = [byte];
    } else this.#out[this.#length++] = byte;
  }

  #takeCsi(byte: number): void {
    if (byte < 0x20 || byte > 0x7e) {
      // A control inside a sequence is for xterm to judge.
      this.#giveHeld();
      return this.#takeText(byte);
    }
    this.#held.push(byte);
    if (byte >= 0x40) {
      if (COUNTING.has(byte)) this.#held = clamped(this.#held);
      this.#giveHeld();
    } else if (this.#held.length > LONGEST_BYTES) {
      this.#held = [];
      this.#place = 'too_long';
    }
  }

  #skip(byte: number): void {
    if (byte >= 0x20 && byte < 0x40) return;
    this.#place = 'text';
    if (byte < 0x20 || byte > 0x7e) this.#takeText(byte);
  }

  #giveHeld(): void {
    for (const byte of this.#held) this.#out[this.#length++] = byte;
    this.#held = [];
    this.#place = 'text';
  }
}

function clamped(sequence: readonly number[]): number[] {
  const text = String.fromCharCode(...sequence);
  const short = text.replace(/\d+/g, (number) => (Number(number) > MOST ? String(MOST) : number));
  return Array.from(short, (character) => character.charCodeAt(0));
}

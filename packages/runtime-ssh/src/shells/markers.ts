/** Finds the lines of a kept shell in its output, and passes on everything else untouched. */

/** Longest rest of a marker's line: a pid or a status. */
const MAX_LINE_BYTES = 64;

export interface MarkerSink {
  /** Bytes before the next marker. A returned promise holds back what comes next. */
  onData(bytes: Buffer): void | Promise<void>;
  /** The rest of the line of the marker just found, after all bytes before it were taken. */
  onMarker(text: string): void;
  /** What comes after the last marker. */
  onRest?(bytes: Buffer): void;
}

/** Reads one stream in whatever pieces it comes: the given markers in their order, and the bytes before each. */
export class MarkerScanner {
  readonly #markers: Buffer[];
  readonly #sink: MarkerSink;
  #held: Buffer = Buffer.alloc(0);

  constructor(markers: readonly string[], sink: MarkerSink) {
    this.#markers = markers.map((marker) => Buffer.from(marker));
    this.#sink = sink;
  }

  /** Bytes held back because a marker may begin in them; they are forgotten here. */
  takeHeld(): Buffer {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    return held;
  }

  /** Takes the next piece; a returned promise says when the one after it may come. */
  push(chunk: Buffer): void | Promise<void> {
    const marker = this.#markers[0];
    if (marker === undefined) return this.#sink.onRest?.(chunk);
    const held = this.takeHeld();
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const at = bytes.indexOf(marker);
    if (at < 0) return this.#passAllBut(bytes, possibleMarkerBytes(bytes, marker));
    const lineEnd = bytes.indexOf(0x0a, at + marker.length);
    const isCut = lineEnd < 0 && bytes.length - at < marker.length + MAX_LINE_BYTES;
    if (isCut) return this.#passAllBut(bytes, bytes.length - at);
    const end = lineEnd < 0 ? bytes.length : lineEnd;
    const goOn = () => {
      this.#markers.shift();
      this.#sink.onMarker(bytes.toString('latin1', at + marker.length, end).trim());
      return end + 1 < bytes.length ? this.push(bytes.subarray(end + 1)) : undefined;
    };
    const holding = this.#pass(bytes.subarray(0, at));
    return holding === undefined ? goOn() : holding.then(goOn);
  }

  #passAllBut(bytes: Buffer, heldBytes: number): void | Promise<void> {
    this.#held = bytes.subarray(bytes.length - heldBytes);
    return this.#pass(bytes.subarray(0, bytes.length - heldBytes));
  }

  #pass(bytes: Buffer): void | Promise<void> {
    return bytes.length === 0 ? undefined : this.#sink.onData(bytes);
  }
}

/** How many of the last bytes could be the beginning of the marker. */
function possibleMarkerBytes(bytes: Buffer, marker: Buffer): number {
  for (let length = Math.min(bytes.length, marker.length - 1); length > 0; length--) {
    if (bytes.compare(marker, 0, length, bytes.length - length) === 0) return length;
  }
  return 0;
}

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number from 0 up to `limit`. */
  below(limit: number): number;
  between(low: number, high: number): number;
  shuffled<Value>(values: readonly Value[]): Value[];
}

/** The generator "mulberry32". */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    shuffled(values) {
      const list = [...values];
      for (let at = list.length - 1; at > 0; at--) {
        const other = below(at + 1);
        [list[at], list[other]] = [list[other], list[at]] as [(typeof list)[number], (typeof list)[number]];
      }
      return list;
    },
  };
}

/** Texts for parsers: `sample` with pieces dropped, doubled, moved and overwritten, and now and then pure noise. */
export function mangled(sample: Uint8Array, random: Random): Uint8Array {
  if (random.below(10) === 0) return Uint8Array.from({ length: random.below(400) }, () => random.below(256));
  let bytes = [...sample];
  for (let changes = 1 + random.below(6); changes > 0; changes--) {
    const at = random.below(bytes.length + 1);
    const piece = bytes.slice(at, at + 1 + random.below(12));
    const kinds = [
      () => bytes.toSpliced(at, piece.length),
      () => bytes.toSpliced(at, 0, ...piece),
      () => bytes.toSpliced(random.below(bytes.length + 1), 0, ...piece),
      () => bytes.toSpliced(at, 1, random.below(256)),
      () => bytes.slice(0, at),
    ];
    bytes = kinds[random.below(kinds.length)]?.() ?? bytes;
  }
  return Uint8Array.from(bytes);
}

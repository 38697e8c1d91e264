/** A repeatable source of numbers from 0 up to `below` (a 32-bit linear congruential generator). */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The whole cut into pieces of at most `most` letters, some of them empty. */
export function pieces<Whole extends { length: number; slice(from: number, to: number): Whole }>(
  whole: Whole,
  random: (below: number) => number,
  most = 6,
): Whole[] {
  const cut: Whole[] = [];
  for (let at = 0; at < whole.length; ) {
    const size = random(most + 1);
    cut.push(whole.slice(at, at + size));
    at += size;
  }
  return cut;
}

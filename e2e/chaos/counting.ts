/** Programs that count: every byte of their output is known before they run. */
export interface Counting {
  /** Unique in a run; in every line. */
  readonly tag: string;
  readonly lines: number;
  /** Between two lines; written once for `perPause` lines. */
  readonly pauseMs: number;
  readonly perPause: number;
}

const FILLER = 'the quick brown fox';

export function expectedOutput({ tag, lines }: Counting): string {
  return Array.from({ length: lines }, (_, index) => `${tag} ${index} ${FILLER}\n`).join('');
}

/** For `sh`. Leaves a line `run` and a line `end` in `$HOME/chaos/<tag>`, so that a second run would be seen. */
export function countingScript({ tag, lines, pauseMs, perPause }: Counting): string {
  const seconds = (pauseMs / 1000).toFixed(3);
  return [
    `echo run >>"$HOME/chaos/${tag}"; i=0`,
    `while [ $i -lt ${lines} ]; do`,
    `  echo "${tag} $i ${FILLER}"; i=$((i+1))`,
    `  [ $((i % ${perPause})) -ne 0 ] || sleep ${seconds}`,
    'done',
    `echo end >>"$HOME/chaos/${tag}"`,
  ].join('\n');
}

/** As `countingScript`, but without an end. */
export function endlessScript(tag: string): string {
  return `echo run >>"$HOME/chaos/${tag}"; i=0; while :; do echo "${tag} $i"; i=$((i+1)); sleep 0.2; done`;
}

/** Some are slow, some are quick and long; what is told of one stays below what a model is told whole. */
export function someCounting(tag: string, next: () => number): Counting {
  if (next() < 0.15) return { tag, lines: 400 + Math.floor(next() * 300), pauseMs: 30, perPause: 25 };
  return { tag, lines: 15 + Math.floor(next() * 60), pauseMs: 20 + Math.floor(next() * 60), perPause: 1 };
}

import type { Context } from './context.ts';
import { printable } from './terminal.ts';

/** One line on a terminal that says what goes on; nothing in a pipe or for programs. */
export interface Progress {
  /** Replaces what the line says. */
  say(text: string): void;
  /** Removes the line. */
  end(): void;
}

/** A terminal that does not say how wide it is has at least this. */
const COLUMNS = 80;
const TO_START_OF_LINE = '\r\u001B[K';

/** On stderr: what a command prints on stdout stays for pipes. */
function createProgress({ streams, output, isInteractive }: ProgressContext): Progress {
  const { err } = streams;
  const isTerminal = 'isTTY' in err ? err.isTTY === true : false;
  if (output.isJson || !isInteractive || !isTerminal) return { say: () => {}, end: () => {} };
  let shown = '';
  return {
    say(text) {
      // One of 0 columns does not know either.
      const columns =
        'columns' in err && typeof err.columns === 'number' && err.columns > 0 ? err.columns : COLUMNS;
      const line = printable(text).slice(0, columns - 1);
      // Written again and again it would flicker.
      if (line === shown) return;
      err.write(`${TO_START_OF_LINE}${line}`);
      shown = line;
    },
    end() {
      if (shown !== '') err.write(TO_START_OF_LINE);
      shown = '';
    },
  };
}

type ProgressContext = Pick<Context, 'streams' | 'output' | 'isInteractive'>;

/** As `work`, which is handed the line; it is gone when that has ended, however. */
export async function withProgress<Result>(
  context: ProgressContext,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const progress = createProgress(context);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}

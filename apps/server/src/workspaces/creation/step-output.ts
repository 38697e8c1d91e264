/** The output of a creation's step while it grows. */

/** In UTF-16 units, of which a step keeps the last. */
const KEPT_OUTPUT_CHARS = 16 * 1024;
/** A script that prints a lot must not make a stored change per line. */
const SHOW_INTERVAL_MS = 100;

/**
 * What a step's program prints, shown through `show` with secrets covered: its end, and not for each line. `end` gives the
 * rest, `dispose` ends the showing.
 */
export function createStepOutput(
  redaction: { push(chunk: string): string; end(): string },
  show: (text: string) => void,
) {
  const decoder = new TextDecoder();
  let text = '';
  let timer: NodeJS.Timeout | null = null;
  const append = (more: string) => {
    text = (text + more).slice(-KEPT_OUTPUT_CHARS);
  };
  const showNow = () => {
    timer = null;
    show(text);
  };
  return {
    push(bytes: Uint8Array) {
      append(redaction.push(decoder.decode(bytes, { stream: true })));
      timer ??= setTimeout(showNow, SHOW_INTERVAL_MS);
    },
    end() {
      append(redaction.push(decoder.decode()) + redaction.end());
      showNow();
    },
    /** Shows nothing more by itself: the workspace, or the store, may be gone by then. */
    dispose() {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}

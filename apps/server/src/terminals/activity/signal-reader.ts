/** What a program's output says beside its text (ECMA-48): operating system commands, the bell, a full reset. */
export type TerminalSignal =
  /** The text between `ESC ]` and its end, as UTF-8; `code` is the number that it begins with. */
  | { readonly kind: 'osc'; readonly code: number; readonly body: string }
  | { readonly kind: 'bell' }
  | { readonly kind: 'reset' };

export interface SignalReader {
  /** The signals that end in these bytes; what is cut at the end of a piece comes with the next. */
  push(bytes: Uint8Array): TerminalSignal[];
}

/** Of one command from ESC to its end, as OSC 7501 has it; longer ones are passed over. */
const LONGEST_BYTES = 4096;

const [BEL, CAN, SUB, ESC] = [0x07, 0x18, 0x1a, 0x1b];
/** After ESC: `]` begins a command; `P`, `X`, `^`, `_` begin other texts, in which a BEL is no bell. */
const OSC = 0x5d;
const OTHER_STRINGS: readonly number[] = [0x50, 0x58, 0x5e, 0x5f];
const RESET = 0x63;

type State = 'ground' | 'escape' | 'osc' | 'osc_escape' | 'string' | 'string_escape';

/** Reads the bytes of one terminal from its beginning, or from wherever they are known. */
export function createSignalReader(): SignalReader {
  let state: State = 'ground';
  let held: number[] = [];
  let isTooLong = false;

  const ended = (): TerminalSignal[] => {
    state = 'ground';
    return isTooLong ? [] : oscOf(held);
  };
  const escape = (byte: number): TerminalSignal[] => {
    held = [];
    isTooLong = false;
    if (byte === ESC) return [];
    state = byte === OSC ? 'osc' : OTHER_STRINGS.includes(byte) ? 'string' : 'ground';
    return byte === RESET ? [{ kind: 'reset' }] : [];
  };
  const step = (byte: number): TerminalSignal[] => {
    if (byte === CAN || byte === SUB) {
      state = 'ground';
      return [];
    }
    switch (state) {
      case 'ground':
        if (byte === ESC) state = 'escape';
        return byte === BEL ? [{ kind: 'bell' }] : [];
      case 'escape':
        return escape(byte);
      case 'osc':
        if (byte === BEL) return ended();
        if (byte === ESC) state = 'osc_escape';
        else if (held.length < LONGEST_BYTES) held.push(byte);
        else isTooLong = true;
        return [];
      case 'osc_escape':
        // Anything but a backslash is an escape of its own, and the command was cut off.
        return byte === 0x5c ? ended() : restart(byte);
      case 'string':
        if (byte === ESC) state = 'string_escape';
        return [];
      case 'string_escape':
        if (byte === 0x5c) state = 'ground';
        else return restart(byte);
        return [];
    }
  };
  const restart = (byte: number): TerminalSignal[] => {
    state = 'escape';
    return step(byte);
  };

  return {
    push(bytes) {
      const signals: TerminalSignal[] = [];
      for (let at = 0; at < bytes.byteLength; at += 1) {
        // Most of what a terminal prints is text: look for the next byte that means something.
        if (state === 'ground') {
          at = nextControl(bytes, at);
          if (at === bytes.byteLength) break;
        }
        signals.push(...step(bytes[at] as number));
      }
      return signals;
    },
  };
}

function nextControl(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.byteLength && bytes[at] !== ESC && bytes[at] !== BEL) at += 1;
  return at;
}

function oscOf(held: readonly number[]): TerminalSignal[] {
  const text = new TextDecoder().decode(Uint8Array.from(held));
  const found = /^(\d{1,5})(?:;([^]*))?$/.exec(text);
  return found ? [{ kind: 'osc', code: Number(found[1]), body: found[2] ?? '' }] : [];
}

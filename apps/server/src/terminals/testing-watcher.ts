import type { TerminalId } from '@farhand/shared/model/ids';
import type { Terminals } from './terminals.ts';

/** Watches a terminal as a browser does, checks that no byte is missing or repeated, and keeps the text. */
export function watchText(terminals: Terminals, id: TerminalId, after = 0, slowness?: () => Promise<void>) {
  let text = '';
  let next: number | null = after < 0 ? null : after;
  const states: string[] = [];
  const missed: [number, number][] = [];
  const held: number[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  const stop = terminals.watch(id, after, {
    onOutput(offset, bytes) {
      if (next !== null && offset !== next) throw new Error(`expected byte ${next}, got ${offset}`);
      next = offset + bytes.byteLength;
      text += Buffer.from(bytes).toString('latin1');
      wake();
      return slowness?.();
    },
    onMissed(from, to) {
      missed.push([from, to]);
      next = to;
    },
    onState(state) {
      states.push(state);
      wake();
    },
    onHeldInput: (bytes) => void held.push(bytes),
  });
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not in time: ${JSON.stringify(text.slice(-500))} ${states}`)),
        20_000,
      );
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return {
    stop,
    states,
    missed,
    held,
    text: () => text,
    next: () => next ?? 0,
    until,
    shows: (part: string) => until(() => text.includes(part)),
  };
}

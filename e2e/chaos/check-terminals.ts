import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaosWorld } from './chaos-world.ts';
import { jobStream } from './job-files.ts';
import type { KeysFate } from './keys.ts';
import type { Tally } from './tally.ts';
import type { Typed } from './terminals.ts';

/** Every byte that the host has of a terminal was seen, once, in its place; and what was typed arrived as was said. */
export function checkTerminal(world: ChaosWorld, tally: Tally, { tag, terminal, keys }: Typed): void {
  const seen = world.page.terminals.get(terminal.id)?.bytes ?? Buffer.alloc(0);
  const kept = jobStream(world.sshd.home, terminal.jobId, 'out');
  tally.stream('terminals', seen.byteLength);
  if (kept) tally.compare(`output of ${tag}`, seen.toString('latin1'), kept.toString('latin1'));
  else tally.problem('lost', tag, 'the host has no files of this terminal');
  checkKeys(tally, tag, jobStream(world.sshd.home, terminal.jobId, 'in')?.toString() ?? '', keys);
}

/** A program that counts by itself is on the screen with every number once. */
export function checkCounted(world: ChaosWorld, tally: Tally, { tag, terminal }: Typed): void {
  const numbers = numbersOf(tag, world.page.terminals.get(terminal.id)?.bytes.toString() ?? '');
  const expected = numbers.map((_, index) => index);
  tally.compare(`numbers of ${tag}`, numbers.join('\n'), expected.join('\n'));
}

/** The lines that the shell ran are those that reached it. */
export function checkRan(world: ChaosWorld, tally: Tally, { tag, terminal }: Typed): void {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  const ran = numbersOf(tag, read(join(world.runsFolder, tag)));
  const typed = [
    ...(jobStream(world.sshd.home, terminal.jobId, 'in')?.toString() ?? '').matchAll(/""_(\d+)_/g),
  ];
  tally.compare(`lines run in ${tag}`, ran.join('\n'), typed.map((match) => Number(match[1])).join('\n'));
}

const numbersOf = (tag: string, text: string): number[] =>
  [...text.matchAll(new RegExp(`${tag}_(\\d+)_`, 'g'))].map((match) => Number(match[1]));

const MAY_BE: Readonly<Record<KeysFate, { readonly there: boolean; readonly missing: boolean }>> = {
  delivered: { there: true, missing: false },
  refused: { there: false, missing: true },
  // The server was killed, or the socket went, before it could say.
  unanswered: { there: true, missing: true },
};

/** What the host got is what was typed, in order, each whole and at most once. */
function checkKeys(tally: Tally, tag: string, got: string, keys: Typed['keys']): void {
  let rest = got;
  for (const { text, fate } of keys) {
    const isThere = rest.startsWith(text);
    if (isThere) rest = rest.slice(text.length);
    tally.stream('keys', isThere ? text.length : 0);
    if (isThere && !MAY_BE[fate].there)
      tally.problem('input', tag, `said not to be delivered, but it was: ${text}`);
    if (!isThere && !MAY_BE[fate].missing)
      tally.problem(
        'input',
        tag,
        `said to be delivered: ${text} but there is ${JSON.stringify(rest.slice(0, 80))}`,
      );
  }
  if (rest !== '')
    tally.problem('input', tag, `was never typed there: ${JSON.stringify(rest.slice(0, 200))}`);
}

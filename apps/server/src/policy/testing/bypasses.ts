import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What shows that a trick is real when it is run: the program `pwn` ran, the file `keep` is gone or empty, or `outside`
 * is there beside the folder. `none`: it takes a network, another account, a terminal, or a program that is not here.
 */
type Proof = 'pwn' | 'lost' | 'outside' | 'none';

/** A text that looks harmless, or rides on one that is, and is not. */
export interface Bypass {
  readonly trick: string;
  readonly proof: Proof;
  readonly text: string;
}

/** All of bypasses.txt: no one of them may ever be allowed unasked. `⏎` stands for a new line, `⟨7f⟩` for a letter by its number. */
export const BYPASSES: readonly Bypass[] = readBypasses();

function readBypasses(): Bypass[] {
  let trick = '';
  let proof: Proof = 'none';
  return textOf('bypasses.txt').flatMap((line) => {
    const title = /^## (.+) :: (pwn|lost|outside|none)$/.exec(line);
    if (!title) return [{ trick, proof, text: unescaped(line) }];
    trick = title[1] ?? '';
    proof = title[2] as Proof;
    return [];
  });
}

/** The lines of a list beside this file, without those that are empty. */
export function textOf(name: string): string[] {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/** A line of a list as the text that it stands for. */
export function unescaped(line: string): string {
  return line
    .replaceAll('⏎', '\n')
    .replaceAll('⇥', '\t')
    .replaceAll(/⟨([0-9a-f]+)⟩/g, (_all, number: string) =>
      String.fromCodePoint(Number.parseInt(number, 16)),
    );
}

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the regular files below `folder` that hold one of `words` as plain bytes. */
export function filesWith(folder: string, words: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => {
      if (!lstatSync(path).isFile()) return false;
      const bytes = readFileSync(path);
      return words.some((word) => bytes.includes(word));
    });
}

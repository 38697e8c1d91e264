import { commandLines } from './processes.ts';

/**
 * Looks at every process's arguments on this machine, which is the server's and the host's, again and again until
 * `stop`, which gives the command lines that held one of `words`.
 */
export function watchArguments(words: readonly string[]): { stop(): { found: string[]; looks: number } } {
  const found = new Set<string>();
  let looks = 0;
  const look = () => {
    looks++;
    for (const { line } of commandLines()) {
      if (words.some((word) => line.includes(word))) found.add(line);
    }
  };
  const timer = setInterval(look, 15);
  return {
    stop() {
      look();
      clearInterval(timer);
      return { found: [...found], looks };
    },
  };
}

import { resolvePaths } from '../../config/paths.ts';
import { runProgram } from '../program.ts';

/** What the program prints, and its status, for one command of the data folder's person; nobody answers its questions. */
export async function runCommand(folder: string, argv: readonly string[], isInteractive = true) {
  const [out, err]: [string[], string[]] = [[], []];
  const status = await runProgram(argv, {
    streams: {
      out: { write: (text) => out.push(String(text)) > 0 },
      err: { write: (text) => err.push(String(text)) > 0 },
    },
    isInteractive,
    hasDisplay: false,
    paths: resolvePaths({ FARHAND_HOME: folder }, '/'),
    startServer: () => Promise.reject(new Error('not part of this test')),
    untilStopped: () => Promise.resolve(),
    ask: () => Promise.resolve(null),
    openBrowser: () => {},
    versionOf: () => Promise.resolve(null),
  });
  return { status, out: out.join(''), err: err.join('') };
}

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const runningServer = z.object({
  pid: z.number().int(),
  url: z.url(),
  version: z.string(),
  /** What the CLI shows instead of a cookie; new at each start. */
  token: z.string().min(32),
});
/** The server of a data folder, as it tells the CLI of its own user. */
export type RunningServerFacts = z.infer<typeof runningServer>;

/** Null where no server has run, or where the file is damaged. It may be of a server that was killed. */
export function readRunningServer(serverFile: string): RunningServerFacts | null {
  try {
    return runningServer.parse(JSON.parse(readFileSync(serverFile, 'utf8')));
  } catch {
    return null;
  }
}

/** Replaces the file at once, so that a reader never sees half of it. Mode 0600: it holds the token. */
export function writeRunningServer(serverFile: string, facts: RunningServerFacts): void {
  const fresh = `${serverFile}.${process.pid}`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify(facts)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, serverFile);
}

export function removeRunningServer(serverFile: string): void {
  rmSync(serverFile, { force: true });
}

/** Which ssh asks: from its version follows whether its words can be told from a host's. */
import { execFile } from 'node:child_process';
import type { SshTarget } from '../config.ts';

/** ssh puts `(user@host)` before a host's own prompts since 8.5; one more, to be sure. */
const MARKS_SINCE = [8, 6] as const;
const VERSION_TIMEOUT_MS = 5_000;

const known = new Map<string, Promise<boolean>>();

/**
 * True where ssh marks what a host asks by keyboard-interactive. Where it does not, a host can word a prompt exactly as
 * ssh words its own, for a key's passphrase as well. False too where the version cannot be read.
 */
export function marksHostPrompts({
  sshProgram = 'ssh',
  environment,
}: Pick<SshTarget, 'sshProgram' | 'environment'>): Promise<boolean> {
  const key = JSON.stringify([sshProgram, environment?.PATH]);
  const found = known.get(key) ?? look(sshProgram, environment);
  known.set(key, found);
  return found;
}

function look(program: string, env: NodeJS.ProcessEnv | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, ['-V'], { env, timeout: VERSION_TIMEOUT_MS }, (error, stdout, stderr) => {
      const [, major, minor] = /^OpenSSH_(?:[A-Za-z_]+)?(\d+)\.(\d+)/m.exec(`${stderr}\n${stdout}`) ?? [];
      const version = [Number(major), Number(minor)] as const;
      resolve(error === null && isAtLeast(version, MARKS_SINCE));
    });
  });
}

function isAtLeast(
  [major, minor]: readonly [number, number],
  [wanted, least]: readonly [number, number],
): boolean {
  return major > wanted || (major === wanted && minor >= least);
}

/** Tells "no key fits" from "a key is there, but locked": in batch mode ssh says the same for both. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ResolvedHost } from '../config.ts';

/** `host.needs_input` in place of `host.auth_failed` where a configured key has a passphrase; otherwise the error itself. */
export async function explainRefusedKeys(error: FarhandError, resolved: ResolvedHost): Promise<FarhandError> {
  if (error.code !== 'host.auth_failed') return error;
  for (const file of resolved.identityFiles) {
    const path = file.startsWith('~/') ? join(homedir(), file.slice(2)) : file;
    if (!existsSync(path) || !(await hasPassphrase(path))) continue;
    return new FarhandError('host.needs_input', {
      message: `The key ${file} has a passphrase and is not loaded in an ssh agent.`,
      hint: `Run \`ssh-add ${file}\`, then try again.`,
      details: error.details,
      cause: error,
    });
  }
  return error;
}

function hasPassphrase(path: string): Promise<boolean> {
  // An empty passphrase opens a key that has none; nothing secret is in the arguments.
  return new Promise((resolve) => {
    execFile('ssh-keygen', ['-y', '-P', '', '-f', path], { timeout: 5_000 }, (error, _stdout, stderr) => {
      resolve(error !== null && /incorrect passphrase/.test(stderr));
    });
  });
}

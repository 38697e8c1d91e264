import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The repository's folder. */
export const root = join(import.meta.dirname, '..', '..');

/** Runs a program with our own output; rejects with its status when it is not 0. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ${args.join(' ')} ended with ${signal ?? `status ${code}`}`));
    });
  });
}

/** Ends the script with what failed, without a stack. */
export function fail(error) {
  console.error(`\nfarhand: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

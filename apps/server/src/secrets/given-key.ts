import { spawn } from 'node:child_process';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { GivenKey } from './master-key.ts';

/** What the person said with the start of where the key is. */
export interface KeySetting {
  /** Base64 of 32 bytes. */
  readonly key: string | undefined;
  /** As `sh` takes it; its output is the key. */
  readonly command: string | undefined;
}

export interface HowRun {
  /** Of the command. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 4096;

/**
 * The key as it was given; null where it is in its file. A command is run once, and nothing it prints is told. Throws
 * `secret.key_command_failed`.
 */
export async function readGivenKey({ key, command }: KeySetting, how: HowRun): Promise<GivenKey | null> {
  if (key) return { source: 'environment', text: key };
  if (!command) return null;
  return { source: 'command', text: await outputOf(command, how) };
}

function outputOf(command: string, { environment, timeoutMs = TIMEOUT_MS }: HowRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(
        new FarhandError('secret.key_command_failed', {
          message: `The command of FARHAND_KEY_COMMAND ${reason}.`,
          cause,
        }),
      );
    // In a group of its own: what it started ends with it. A person may be asked by it, as by a password store.
    const child = spawn('sh', ['-c', command], {
      env: { ...environment },
      stdio: ['inherit', 'pipe', 'inherit'],
      detached: process.platform !== 'win32',
    });
    const end = () => {
      try {
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    let output = '';
    const timer = setTimeout(() => {
      fail(`did not end within ${timeoutMs / 1000} seconds`);
      end();
    }, timeoutMs);
    child.stdout.on('data', (piece: Buffer) => {
      output += piece.toString('utf8');
      if (output.length <= MAX_OUTPUT_BYTES) return;
      fail('printed more than a key');
      end();
    });
    child.on('error', (cause) => {
      clearTimeout(timer);
      fail('could not be started', cause);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else fail(code === null ? `was ended by ${signal}` : `ended with status ${code}`);
    });
  });
}

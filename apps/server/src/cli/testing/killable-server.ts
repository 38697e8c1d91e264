import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName, CallOutput } from '@farhand/shared/protocol/calls';
import { TEST_MODEL } from '@farhand/shared/testing/model-server';
import { createCall } from '../client.ts';

const PROGRAM = fileURLToPath(new URL('../farhand.ts', import.meta.url));

/** A server from its sources, to be killed and started again on the data folder `data` in `home`. */
export interface KillableServer {
  serve(): Promise<void>;
  /** As a crash; one that has ended is left alone. */
  kill(): Promise<void>;
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
}

export function killableServer(home: string, modelUrl: string): KillableServer {
  let server: ChildProcess | null = null;
  return {
    async serve() {
      server = spawn(process.execPath, ['--import', 'tsx', PROGRAM, 'serve', '--port', '0', '--no-open'], {
        cwd: fileURLToPath(new URL('../../..', import.meta.url)),
        env: {
          PATH: process.env.PATH,
          HOME: home,
          FARHAND_HOME: join(home, 'data'),
          FARHAND_MODEL_BASE_URL: modelUrl,
          FARHAND_MODEL: TEST_MODEL,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(server.stdout ?? server, 'data');
    },
    async kill() {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
    },
    call: (name, input) => createCall(join(home, 'data', 'server.json'))(name, input),
  };
}

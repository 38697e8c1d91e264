import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ExecResult } from '@farhand/shared/runtime/port';
import type { HostShell, RunOptions } from '@farhand/shared/runtime/shell';
import { Run } from './run.ts';

/** `sh` on this machine, in `home` and with the environment that `environment` resolves to. */
export class LocalShell implements HostShell {
  readonly #home: string;
  readonly #environment: () => Promise<Record<string, string>>;
  readonly #running = new Set<Run>();
  #closed = false;

  constructor(home: string, environment: () => Promise<Record<string, string>>) {
    this.#home = home;
    this.#environment = environment;
  }

  async run(script: string, options: RunOptions = {}): Promise<ExecResult> {
    const env = await this.#environment();
    if (this.#closed) throw closedError();
    if (options.signal?.aborted)
      return { outcome: { kind: 'cancelled' }, stdout: new Uint8Array(), stderr: new Uint8Array() };
    const run = new Run(options, { cwd: this.#home, env });
    this.#running.add(run);
    try {
      return await run.start(script);
    } finally {
      this.#running.delete(run);
    }
  }

  /** Ends what still runs; those who wait for it get `host.connection_lost`. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map((run) => run.end({ error: closedError() })));
  }
}

function closedError(): FarhandError {
  return new FarhandError('host.connection_lost', { message: 'The runtime of this machine was closed.' });
}

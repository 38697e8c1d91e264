import { setTimeout as delay } from 'node:timers/promises';
import type { JobId } from '../../../model/ids.ts';
import type { Exit } from '../../../model/terminals.ts';
import type { AttachOptions } from '../../port.ts';
import type { HostShell } from '../../shell.ts';
import { parseStatus } from '../replies.ts';
import { HubRun } from './hub-run.ts';
import type { HubKind } from './hub-script.ts';

/** With nothing attached for so long, its session is given back to the host. An agent often thinks for a minute. */
const IDLE_MS = 120_000;
// Between looks at a job whose keeper seems to live though it closed what it held open.
const LOOK_AGAIN_MS = 1000;

/** The live output of all attached jobs of one host, over one lasting run of its shell. */
export class StreamHub {
  readonly #shell: HostShell;
  readonly #kind: HubKind | undefined;
  #run: HubRun | null = null;
  #attached = 0;
  #idleTimer: NodeJS.Timeout | null = null;

  constructor(shell: HostShell, kind?: HubKind) {
    this.#shell = shell;
    this.#kind = kind;
  }

  /** `Jobs.attach`; with `isAwaited` it waits for a job that is not there yet. */
  async attach(id: JobId, options: AttachOptions, isAwaited = false): Promise<Exit | 'detached'> {
    const next = { out: options.after?.out ?? 0, err: options.after?.err ?? 0 };
    this.#attached += 1;
    this.#cancelIdle();
    try {
      for (;;) {
        if (options.signal?.aborted) return 'detached';
        const line = await this.#open().attach({ ...options, id, next, isAwaited });
        if (line === 'detached') return 'detached';
        const state = parseStatus(line);
        if (state.state === 'ended') return state.exit;
        await delay(LOOK_AGAIN_MS);
      }
    } finally {
      this.#attached -= 1;
      if (this.#attached === 0) this.#closeLater();
    }
  }

  #open(): HubRun {
    if (this.#run === null || this.#run.isOver) this.#run = new HubRun(this.#shell, this.#kind);
    return this.#run;
  }

  #closeLater(): void {
    this.#idleTimer = setTimeout(() => {
      this.#run?.end();
      this.#run = null;
    }, IDLE_MS);
    this.#idleTimer.unref();
  }

  #cancelIdle(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }
}

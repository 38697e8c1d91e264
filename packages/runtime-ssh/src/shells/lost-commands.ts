/** Ends commands whose connection was lost under them, once there is a connection again: nobody reads what they print. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '../connection.ts';
import type { ControlShell } from './control-shell.ts';

const KILL_AFTER_MS = 2_000;
/** `ps` counts whole seconds, and a clock may run a little fast or slow. */
const SLACK_MS = 3_000;
const DRIFT = 0.001;

/** The process group `pid` on the host, which was there at `knownAtMs` by this machine's clock. */
export interface CommandOnHost {
  readonly pid: number;
  readonly knownAtMs: number;
}

export class LostCommands {
  readonly #connection: Connection;
  readonly #control: ControlShell;
  readonly #lost = new Set<CommandOnHost>();
  #isSweeping = false;

  constructor(connection: Connection, control: ControlShell) {
    this.#connection = connection;
    this.#control = control;
    connection.watch(() => this.#sweep());
  }

  add(command: CommandOnHost): void {
    this.#lost.add(command);
    this.#sweep();
  }

  #sweep(): void {
    if (this.#isSweeping || this.#lost.size === 0 || this.#connection.state().state !== 'connected') return;
    this.#isSweeping = true;
    const swept = [...this.#lost];
    this.#end(swept).then(
      () => {
        this.#isSweeping = false;
        for (const command of swept) this.#lost.delete(command);
        this.#sweep();
      },
      // The connection went again: they are ended with the next one.
      () => {
        this.#isSweeping = false;
      },
    );
  }

  async #end(commands: readonly CommandOnHost[]): Promise<void> {
    const ours = await this.#stillOurs(commands);
    for (const { pid } of ours) await this.#control.signalGroup(pid, 'TERM');
    if (ours.length === 0) return;
    await delay(KILL_AFTER_MS);
    for (const { pid } of await this.#stillOurs(ours)) await this.#control.signalGroup(pid, 'KILL');
  }

  // A number may be another process's by now, or of another machine behind the same name: its age tells.
  async #stillOurs(commands: readonly CommandOnHost[]): Promise<CommandOnHost[]> {
    const pids = commands.map(({ pid }) => pid).join(',');
    const printed = await this.#control.ask(
      `ps -o pid= -o etime= -p ${pids} 2>/dev/null || ps -o pid,etime 2>/dev/null`,
    );
    const ages = readAges(printed);
    const now = Date.now();
    return commands.filter(({ pid, knownAtMs }) => {
      const ageMs = ages.get(pid);
      const expectedMs = now - knownAtMs;
      return ageMs !== undefined && Math.abs(ageMs - expectedMs) <= SLACK_MS + DRIFT * expectedMs;
    });
  }
}

/** From lines of `ps -o pid,etime` the age of each process in milliseconds. */
export function readAges(printed: string): Map<number, number> {
  const ages = new Map<number, number>();
  for (const line of printed.split('\n')) {
    const found = /^\s*(\d+)\s+(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)\s*$/.exec(line);
    if (found === null) continue;
    const [, pid, days = 0, hours = 0, minutes, seconds] = found;
    const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
    ages.set(Number(pid), total * 1000);
  }
  return ages;
}

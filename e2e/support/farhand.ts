import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { ApprovalPolicy } from '@farhand/shared/model/approvals';

const PROGRAM = join(import.meta.dirname, '../../apps/server/dist/farhand.js');

/** A Farhand server as a person runs it: the built program, a data folder of its own, a port that stays. */
export class Farhand {
  private child: ChildProcess | null = null;
  /** Everything that it printed, for the canary and for a failed journey's report. */
  printed = '';
  url = '';

  constructor(
    readonly home: string,
    private readonly environment: Readonly<Record<string, string>>,
    readonly port: number,
  ) {}

  /** Starts it; `url` is then the one-time sign-in URL that it printed. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', String(this.port), '--no-open'], {
      env: this.env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stderr.on('data', (bytes: Buffer) => {
      this.printed += bytes.toString();
    });
    this.url = await new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.printed += `${line}\n`;
        const url = /http:\/\/\S+/.exec(line);
        if (url) resolve(url[0]);
      });
      child.once('exit', (code) => reject(new Error(`farhand ended with status ${code}:\n${this.printed}`)));
    });
  }

  /** One on the same data folder and port whose environment lacks these variables. */
  without(...names: string[]): Farhand {
    const kept = Object.entries(this.environment).filter(([name]) => !names.includes(name));
    return new Farhand(this.home, Object.fromEntries(kept), this.port);
  }

  get pid(): number {
    if (!this.child?.pid) throw new Error('farhand is not running');
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child !== null;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Runs the command line beside the server; resolves with what it printed and its status. */
  async cli(...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
    try {
      const done = await promisify(execFile)(process.execPath, [PROGRAM, ...args], { env: this.env() });
      return { ...done, code: 0 };
    } catch (error) {
      const failed = error as { stdout: string; stderr: string; code: number };
      return { stdout: failed.stdout, stderr: failed.stderr, code: failed.code };
    }
  }

  /** When agents of workspaces made from now on have to ask; journeys that are not about approvals take `never`. */
  async setDefaultPolicy(policy: ApprovalPolicy): Promise<void> {
    const file = join(this.home, 'farhand', 'server.json');
    const { url, token } = JSON.parse(readFileSync(file, 'utf8')) as { url: string; token: string };
    const response = await fetch(`${url}/api/approval.set_default_policy`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ policy }),
    });
    if (!response.ok) throw new Error(await response.text());
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  private env(): NodeJS.ProcessEnv {
    const { PATH, LANG, USER, LOGNAME, SHELL } = process.env;
    const inherited = Object.fromEntries(
      Object.entries({ PATH, LANG, USER, LOGNAME, SHELL }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    return { ...inherited, HOME: this.home, FARHAND_HOME: join(this.home, 'farhand'), ...this.environment };
  }
}

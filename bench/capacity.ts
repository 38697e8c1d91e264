import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerminalId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { freePort, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { Client, type ClientSocket } from '../e2e/support/client.ts';
import { Farhand } from '../e2e/support/farhand.ts';
import { untilReady } from '../e2e/support/ready.ts';
import { makeRepository } from '../e2e/support/repository.ts';
import { elapsedMs, percentile } from './measure.ts';
import { rssMiB } from './process.ts';
import { atMost, type Row } from './row.ts';

const COMMANDS = 200;
const LIVE_JOBS = 100;
const OPEN_TERMINALS = 50;
const STREAMING_MS = 15_000;
const OPENED_AT_ONCE = 10;

/** One host with sshd's defaults under all that the promise names, through the built server to one WebSocket. */
export async function benchCapacity(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-capacity-'));
  const sshd = await startSshd();
  const farhand = new Farhand(folder, { FARHAND_SSH_CONFIG: sshd.sshConfigPath }, await freePort());
  try {
    await farhand.start();
    return await measure(farhand, sshd, makeRepository(join(folder, 'shop')));
  } finally {
    await farhand.stop();
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(farhand: Farhand, sshd: TestSshd, repository: string): Promise<Row[]> {
  const client = await Client.signIn(farhand.url);
  const { project } = await client.call('project.add', { source: repository });
  const made = await client.call('workspace.create', {
    projectId: project.id,
    host: sshd.alias,
    branch: 'main',
    name: 'many',
  });
  const workspace = await untilReady(client, made.workspace.id);
  const screen = await Screen.open(client);
  await inGroups(OPEN_TERMINALS, () => screen.terminal(workspace));
  const before = rssMiB(farhand.pid);
  await inGroups(LIVE_JOBS, async () => screen.stream(await screen.terminal(workspace)));
  const failures = await commandsAtOnce(client, workspace);
  await screen.restart();
  await new Promise((resolve) => setTimeout(resolve, STREAMING_MS));
  const growth = (rssMiB(farhand.pid) - before) / LIVE_JOBS;
  const load = `${LIVE_JOBS} jobs streaming, ${OPEN_TERMINALS} terminals open, sshd’s defaults`;
  screen.close();
  return [
    atMost(0, {
      name: `failed of ${COMMANDS} commands at once beside them`,
      value: failures.failed,
      unit: 'commands',
      baseline: `${load}; all done in ${(failures.tookMs / 1000).toFixed(1)} s`,
    }),
    atMost(0, { name: 'silent of the streams', value: screen.silent(), unit: 'streams', baseline: load }),
    atMost(25, { name: 'logins for all of it', value: sshd.logins(), unit: 'logins', baseline: load }),
    atMost(30, {
      name: 'event on the host to the WebSocket, p95',
      value: percentile(screen.delaysMs, 0.95),
      unit: 'ms',
      baseline: `${load}; p50 ${percentile(screen.delaysMs, 0.5).toFixed(1)} ms of ${screen.delaysMs.length}`,
    }),
    atMost(1, { name: 'server growth per live job', value: growth, unit: 'MiB', baseline: load }),
  ];
}

async function commandsAtOnce(client: Client, { id }: Workspace) {
  let failed = 0;
  const one = async (number: number) => {
    const answer = await client
      .call('workspace.exec', { workspaceId: id, argv: ['sh', '-c', `sleep 0.2; echo ${number}`] })
      .catch((error: unknown) => console.error(String(error)));
    if (answer?.exitCode !== 0 || Buffer.from(answer.stdout, 'base64').toString() !== `${number}\n`) failed++;
  };
  const tookMs = await elapsedMs(() =>
    Promise.all(Array.from({ length: COMMANDS }, (_, index) => one(index))),
  );
  return { failed, tookMs };
}

/** The page's side: one socket with every terminal on it, reading the times that the streams print. */
class Screen {
  delaysMs: number[] = [];
  readonly #client: Client;
  readonly #socket: ClientSocket;
  readonly #seen = new Map<number, number>();
  #streaming = new Set<number>();
  #heard = new Set<number>();
  #subs = 0;

  private constructor(client: Client, socket: ClientSocket) {
    this.#client = client;
    this.#socket = socket;
    socket.onOutput = ({ sub, bytes }) => this.#take(sub, bytes);
  }

  static async open(client: Client): Promise<Screen> {
    return new Screen(client, await client.connect());
  }

  /** Opens a terminal and watches it; resolves with what `stream` takes. */
  async terminal({ id }: Workspace): Promise<{ sub: number; terminalId: TerminalId }> {
    const { terminal } = await this.#client.call('terminal.open', { workspaceId: id, rows: 24, cols: 80 });
    const sub = ++this.#subs;
    this.#socket.send({
      type: 'subscribe',
      sub,
      topic: { kind: 'terminal', terminalId: terminal.id, after: 0 },
    });
    return { sub, terminalId: terminal.id };
  }

  /** A program that prints the time it prints at, once a second. */
  stream({ sub, terminalId }: { sub: number; terminalId: TerminalId }): void {
    this.#streaming.add(sub);
    const text = 'exec bash -c \'while :; do echo "@$EPOCHREALTIME@"; sleep 1; done\'\n';
    this.#socket.send({ type: 'terminal_input', id: sub, terminalId, text });
  }

  /** Forgets what was measured so far. */
  async restart(): Promise<void> {
    this.delaysMs = [];
    this.#heard = new Set();
  }

  silent(): number {
    return [...this.#streaming].filter((sub) => !this.#heard.has(sub)).length;
  }

  close(): void {
    this.#socket.close();
  }

  #take(sub: number, bytes: Uint8Array): void {
    const now = Date.now();
    const seen = (this.#seen.get(sub) ?? 0) + bytes.byteLength;
    this.#seen.set(sub, seen);
    this.#socket.send({ type: 'ack', sub, bytes: seen });
    for (const [, seconds] of Buffer.from(bytes)
      .toString('latin1')
      .matchAll(/@(\d+\.\d+)@/g)) {
      this.delaysMs.push(now - Number(seconds) * 1000);
      this.#heard.add(sub);
    }
  }
}

async function inGroups(count: number, action: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += OPENED_AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(OPENED_AT_ONCE, count - done) }, action));
}

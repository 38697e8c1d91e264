import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerminalId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Client, ClientSocket } from '../e2e/support/client.ts';
import type { Farhand } from '../e2e/support/farhand.ts';
import { medianMs } from './measure.ts';
import { cpuMs, rssMiB } from './process.ts';
import { atLeast, atMost, type Row } from './row.ts';

const FLOOD_BYTES = 100 * 1024 * 1024;
const IDLE_TERMINALS = 20;
const IDLE_MS = 10_000;

/** Terminals over ssh as the page uses them: a key's echo, 100 MB of `cat`, and many that do nothing. */
export async function benchTerminal(farhand: Farhand, client: Client, workspace: Workspace): Promise<Row[]> {
  const terminal = await open(client, workspace);
  try {
    return [
      await echo(terminal),
      ...(await flood(farhand, terminal)),
      await idle(farhand, client, workspace),
    ];
  } finally {
    await terminal.close();
  }
}

interface OpenTerminal {
  readonly socket: ClientSocket;
  type(text: string): void;
  /** Called with the number of bytes that came since the beginning. */
  onSeen: (seen: number) => void;
  close(): Promise<void>;
}

async function open(client: Client, workspace: Workspace): Promise<OpenTerminal> {
  const { terminal } = await client.call('terminal.open', { workspaceId: workspace.id, rows: 24, cols: 80 });
  const socket = await client.connect();
  const opened: OpenTerminal = {
    socket,
    type: (text) => socket.send({ type: 'terminal_input', id: 1, terminalId: terminal.id, text }),
    onSeen: () => {},
    close: async () => {
      socket.close();
      await client.call('terminal.close', { terminalId: terminal.id });
    },
  };
  let seen = 0;
  socket.onOutput = ({ bytes }) => {
    seen += bytes.byteLength;
    socket.send({ type: 'ack', sub: 1, bytes: seen });
    opened.onSeen(seen);
  };
  await prompt(socket, opened, terminal.id);
  return opened;
}

async function prompt(socket: ClientSocket, opened: OpenTerminal, terminalId: TerminalId): Promise<void> {
  const shown = new Promise<void>((resolve) => {
    opened.onSeen = () => resolve();
  });
  socket.send({ type: 'subscribe', sub: 1, topic: { kind: 'terminal', terminalId, after: 0 } });
  await shown;
}

async function echo(terminal: OpenTerminal): Promise<Row> {
  const key = () =>
    new Promise<void>((resolve) => {
      terminal.onSeen = () => resolve();
      terminal.type('x');
    });
  const took = await medianMs(100, key, 10);
  return atMost(10, {
    name: 'key to its echo through the server',
    value: took,
    unit: 'ms',
    baseline: 'sshd on loopback, median of 100',
  });
}

async function flood(farhand: Farhand, terminal: OpenTerminal): Promise<Row[]> {
  const file = join(farhand.home, 'flood');
  writeFileSync(file, `${'x'.repeat(79)}\n`.repeat(FLOOD_BYTES / 80));
  const before = rssMiB(farhand.pid);
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, rssMiB(farhand.pid));
  }, 50);
  const { bytes, ms } = await timed(terminal, `\u0015cat ${file}\n`);
  clearInterval(sampling);
  return [
    atLeast(30, {
      name: '100 MB of `cat` in a terminal to the WebSocket',
      value: bytes / 1000 / ms,
      unit: 'MB/s',
      baseline: `${(bytes / 1e6).toFixed(0)} MB in lines of 80, sshd on loopback`,
    }),
    atMost(100, {
      name: 'server growth under the flood',
      value: peak - before,
      unit: 'MiB',
      baseline: `${before.toFixed(0)} MiB before`,
    }),
  ];
}

/** From the first 64 KiB, when the program certainly runs, to the last byte. */
async function timed(terminal: OpenTerminal, line: string): Promise<{ bytes: number; ms: number }> {
  let from = 0;
  let first: { seen: number; at: number } | null = null;
  return new Promise((resolve) => {
    terminal.onSeen = (seen) => {
      from ||= seen;
      if (seen - from < 64 * 1024) return;
      first ??= { seen, at: performance.now() };
      if (seen - from >= FLOOD_BYTES) resolve({ bytes: seen - first.seen, ms: performance.now() - first.at });
    };
    terminal.type(line);
  });
}

async function idle(farhand: Farhand, client: Client, workspace: Workspace): Promise<Row> {
  const terminals: OpenTerminal[] = [];
  for (let count = 0; count < IDLE_TERMINALS; count++) terminals.push(await open(client, workspace));
  await pause(2000);
  const before = cpuMs(farhand.pid);
  await pause(IDLE_MS);
  const used = cpuMs(farhand.pid) - before;
  await Promise.all(terminals.map((terminal) => terminal.close()));
  return atMost(2, {
    name: `server with ${IDLE_TERMINALS} idle terminals`,
    value: (used / IDLE_MS) * 100,
    unit: '% of a CPU',
    baseline: `${used} ms of processor time in ${IDLE_MS / 1000} s`,
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

import { setTimeout as delay } from 'node:timers/promises';
import { askText } from '@farhand/shared/model/connection-text';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import type { Call } from './client.ts';
import type { Context } from './context.ts';
import { printable } from './terminal.ts';

/** How often the CLI looks at a host while it waits for something there. */
const LOOK_MS = 500;

/** The host of this id as the server knows it; null where it does not. */
export async function findHost(call: Call, id: string): Promise<Host | null> {
  const { hosts } = await call('host.list', {});
  return hosts.find((host) => host.id === id) ?? null;
}

/** One line that says what a host asks and how it is answered. */
export const askingLine = ({ id, connection }: Host): string | null =>
  connection.state === 'asking'
    ? `${id} ${askText(connection.question)}: run \`farhand host answer ${id}\`.`
    : null;

/** One line that says why work on a host waits; null while a first try may still go well. */
const waitingLine = ({ id, connection }: Host): string | null =>
  connection.state === 'retrying' && connection.attempt > 1
    ? `${id} cannot be reached: ${printable(connection.message)} It is tried again until it can be.`
    : null;

/**
 * As `work`; while it goes on, each question of the host, and that there is no contact, is told once on stderr, also for
 * programs.
 */
export async function tellWhileAsking<Result>(
  { call, streams }: Pick<Context, 'call' | 'streams'>,
  hostId: HostId,
  work: Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const end = () => done.abort();
  work.then(end, end);
  void tell();
  return work;

  async function tell(): Promise<void> {
    const told = new Set<string>();
    while (await pause()) {
      const host = await findHost(call, hostId).catch(() => null);
      const line = host && (askingLine(host) ?? waitingLine(host));
      if (done.signal.aborted || !line) continue;
      const { connection } = host;
      const what = connection.state === 'asking' ? connection.question.id : connection.state;
      if (!told.has(what)) streams.err.write(`farhand: ${line}\n`);
      told.add(what);
    }
  }

  function pause(): Promise<boolean> {
    return delay(LOOK_MS, true, { signal: done.signal }).catch(() => false);
  }
}

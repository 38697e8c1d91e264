import { setTimeout as delay } from 'node:timers/promises';
import { askText } from '@farhand/shared/model/connection-text';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import type { Call } from './client.ts';
import type { Context } from './context.ts';

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

/** As `work`; while it goes on, each question of the host is told once on stderr, also for programs. */
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
      if (done.signal.aborted || host?.connection.state !== 'asking') continue;
      const { id } = host.connection.question;
      if (!told.has(id)) streams.err.write(`farhand: ${askingLine(host)}\n`);
      told.add(id);
    }
  }

  function pause(): Promise<boolean> {
    return delay(LOOK_MS, true, { signal: done.signal }).catch(() => false);
  }
}

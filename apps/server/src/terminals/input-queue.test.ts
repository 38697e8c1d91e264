import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { describe, expect, it } from 'vitest';
import { createInputQueue } from './input-queue.ts';

/** An input as a host keeps it, whose answers can be lost. */
function createHost() {
  let input = '';
  const host = {
    writes: 0,
    loseAnswer: false,
    connection: { state: 'connected', latencyMs: 1 } as ConnectionState,
    input: () => input,
    runtime: null as unknown as Runtime,
  };
  const jobs = {
    get: async () => ({ inBytes: input.length }),
    write: async (_id: string, offset: number, bytes: Uint8Array) => {
      host.writes += 1;
      await Promise.resolve();
      input = input.slice(0, offset) + Buffer.from(bytes).toString() + input.slice(offset + bytes.byteLength);
      if (host.loseAnswer) throw new FarhandError('host.connection_lost');
    },
  };
  host.runtime = { jobs, connection: () => host.connection } as unknown as Runtime;
  return host;
}

describe('input queue', () => {
  it('keeps the order and sends together what waits', async () => {
    const host = createHost();
    const queue = createInputQueue(host.runtime, newId('job'));
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => queue.write(key)));
    expect(host.input()).toBe('abcd');
    expect(host.writes).toBe(2);
  });

  it('refuses what may not have arrived, and neither repeats nor overwrites afterwards', async () => {
    const host = createHost();
    const queue = createInputQueue(host.runtime, newId('job'));
    await queue.write('first ');
    host.loseAnswer = true;
    await expect(queue.write('lost ')).rejects.toMatchObject({ code: 'host.connection_lost' });
    host.loseAnswer = false;
    await queue.write('next');
    expect(host.input()).toBe('first lost next');
  });

  it('goes on at the right place after a restart of the server', async () => {
    const host = createHost();
    await createInputQueue(host.runtime, newId('job')).write('before ');
    await createInputQueue(host.runtime, newId('job')).write('after');
    expect(host.input()).toBe('before after');
  });

  it('refuses at once while there is no contact', async () => {
    const host = createHost();
    host.connection = { state: 'retrying', attempt: 1, nextAt: '', code: 'host.unreachable', message: '' };
    await expect(createInputQueue(host.runtime, newId('job')).write('x')).rejects.toMatchObject({
      code: 'host.connection_lost',
    });
    expect(host.writes).toBe(0);
  });
});

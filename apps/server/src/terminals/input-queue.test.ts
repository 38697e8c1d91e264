import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { describe, expect, it } from 'vitest';
import { createInputQueue } from './input-queue.ts';

/** An input as a host keeps it, whose answers can be lost. */
function createHost() {
  let input = '';
  const listeners = new Set<(state: ConnectionState) => void>();
  const silent: (() => void)[] = [];
  const host = {
    writes: 0,
    loseAnswer: false,
    isAway: false,
    isGone: false,
    connection: { state: 'connected', latencyMs: 1 } as ConnectionState,
    input: () => input,
    runtime: null as unknown as Runtime,
    /** While true a write waits inside the runtime, as it does for a person's answer. */
    isSilent: false,
    become(connection: ConnectionState) {
      host.connection = connection;
      for (const listener of listeners) listener(connection);
    },
    comeBack() {
      host.isAway = false;
      host.loseAnswer = false;
      host.isSilent = false;
      host.become({ state: 'connected', latencyMs: 1 });
      for (const go of silent.splice(0)) go();
    },
  };
  const jobs = {
    get: async () => {
      if (host.isAway) throw new FarhandError('host.connection_lost');
      return { inBytes: input.length };
    },
    write: async (_id: string, offset: number, bytes: Uint8Array) => {
      host.writes += 1;
      await Promise.resolve();
      if (host.isSilent) await new Promise<void>((go) => silent.push(go));
      if (host.isGone) throw new FarhandError('job.not_found');
      if (host.isAway) throw new FarhandError('host.connection_lost');
      input = input.slice(0, offset) + Buffer.from(bytes).toString() + input.slice(offset + bytes.byteLength);
      if (host.loseAnswer) throw new FarhandError('host.connection_lost');
    },
  };
  const watchConnection = (listener: (state: ConnectionState) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  host.runtime = { jobs, connection: () => host.connection, watchConnection } as unknown as Runtime;
  return host;
}

const RETRYING: ConnectionState = {
  state: 'retrying',
  attempt: 1,
  nextAt: '',
  code: 'host.unreachable',
  message: '',
};

const ASKING: ConnectionState = {
  state: 'asking',
  question: {
    id: 'q1',
    kind: 'passphrase',
    text: '',
    subject: '',
    hostKey: null,
    canRemember: true,
    askedAt: '',
    expiresAt: '',
  },
};
const REFUSED: ConnectionState = {
  state: 'refused',
  code: 'host.auth_failed',
  message: '',
  hint: null,
  keyChange: null,
};

function createQueue(host: ReturnType<typeof createHost>) {
  const held: number[] = [];
  let onHeld = (_bytes: number) => {};
  const queue = createInputQueue({
    runtime: host.runtime,
    jobId: newId('job'),
    onHeld(bytes) {
      held.push(bytes);
      onHeld(bytes);
    },
  });
  const whenHeld = () => new Promise<number>((resolve) => (onHeld = resolve));
  return { queue, held, whenHeld };
}

describe('input queue', () => {
  it('keeps the order and sends together what waits', async () => {
    const host = createHost();
    const { queue, held } = createQueue(host);
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => queue.write(key)));
    expect(host.input()).toBe('abcd');
    expect(host.writes).toBe(2);
    expect(held).toEqual([]);
  });

  it('puts what may have arrived at the same place again, and what followed behind it', async () => {
    const host = createHost();
    const { queue, held, whenHeld } = createQueue(host);
    await queue.write('first ');
    host.loseAnswer = true;
    const lost = queue.write('lost ');
    await whenHeld();
    const next = queue.write('next');
    expect(held).toEqual([5, 9]);
    host.comeBack();
    await Promise.all([lost, next]);
    expect(host.input()).toBe('first lost next');
    expect(held.at(-1)).toBe(0);
  });

  it('goes on at the right place after a restart of the server, also where the last answer was lost', async () => {
    const host = createHost();
    const before = createQueue(host);
    await before.queue.write('before ');
    host.loseAnswer = true;
    const lost = before.queue.write('arrived ');
    await before.whenHeld();
    before.queue.close(new FarhandError('host.connection_lost'));
    await expect(lost).rejects.toMatchObject({ code: 'host.connection_lost' });
    host.comeBack();
    await createQueue(host).queue.write('after');
    expect(host.input()).toBe('before arrived after');
  });

  it('keeps what is typed without contact, up to 64 KiB, and refuses the rest', async () => {
    const host = createHost();
    host.connection = RETRYING;
    host.isAway = true;
    const { queue, held } = createQueue(host);
    const kept = queue.write('x'.repeat(60 * 1024));
    await expect(queue.write('y'.repeat(8 * 1024))).rejects.toMatchObject({ code: 'terminal.input_full' });
    const last = queue.write('z');
    expect(held).toEqual([60 * 1024, 60 * 1024 + 1]);
    host.comeBack();
    await Promise.all([kept, last]);
    expect(host.input()).toBe(`${'x'.repeat(60 * 1024)}z`);
    expect(queue.heldBytes()).toBe(0);
  });

  it.each([ASKING, REFUSED, RETRYING])('tells at once what waits for a host that is $state', async (away) => {
    const host = createHost();
    host.connection = away;
    host.isSilent = true;
    const { queue, held } = createQueue(host);
    const first = queue.write('ab');
    expect(held).toEqual([2]);
    const second = queue.write('c');
    expect(held).toEqual([2, 3]);
    host.comeBack();
    await Promise.all([first, second]);
    expect([host.input(), held.at(-1)]).toEqual(['abc', 0]);
  });

  it.each([ASKING, REFUSED, RETRYING])(
    'tells what a write was under way with when the host became $state',
    async (away) => {
      const host = createHost();
      const { queue, held } = createQueue(host);
      await queue.write('here ');
      host.isSilent = true;
      const writing = queue.write('there');
      expect(held).toEqual([]);
      host.become(away);
      expect(held).toEqual([5]);
      await expect(queue.write('x'.repeat(64 * 1024))).rejects.toMatchObject({ code: 'terminal.input_full' });
      host.comeBack();
      await writing;
      expect([host.input(), held]).toEqual(['here there', [5, 0]]);
      host.become(away);
      expect(held).toEqual([5, 0]);
    },
  );

  it('refuses all that waits where the program is gone', async () => {
    const host = createHost();
    host.connection = RETRYING;
    host.isAway = true;
    const { queue, held } = createQueue(host);
    const waiting = Promise.allSettled([queue.write('a'), queue.write('b')]);
    host.isGone = true;
    host.comeBack();
    for (const result of await waiting)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'job.not_found' } });
    expect(held.at(-1)).toBe(0);
  });
});

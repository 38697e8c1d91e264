import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import { startDelayProxy } from '@farhand/shared/testing/delay-proxy';
import { freePort } from '@farhand/shared/testing/sshd';
import { afterEach, describe, expect, it } from 'vitest';
import { Connection } from './connection.ts';
import { answered, person } from './testing/person.ts';
import { processesWith, type SshHost, startSshHost, text, until, untilState } from './testing/ssh-host.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function host(...options: Parameters<typeof startSshHost>): Promise<SshHost> {
  const started = await startSshHost(...options);
  closers.push(started.close);
  return started;
}

const TRUE = { script: 'true' };

describe('a frozen link', () => {
  it('is noticed within ten seconds on every master', async () => {
    const { sshd, open, through } = await host({ maxSessions: 2 });
    const proxy = await startDelayProxy({ targetPort: sshd.port });
    closers.unshift(proxy.stop);
    const runtime = open(through(proxy.port));
    const started = join(sshd.home, 'started');
    const failed = Array.from({ length: 6 }, () =>
      runtime.exec({ script: `echo x >> ${started}; sleep 60` }).then(
        () => null,
        (error: unknown) => ({ error, at: performance.now() }),
      ),
    );
    await until(async () => text((await runtime.exec({ script: `wc -l < ${started}` })).stdout) === '6\n');
    expect(sshd.logins()).toBeGreaterThan(3);
    const frozenAt = performance.now();
    proxy.freeze();
    await untilState(runtime, ({ state }) => state !== 'connected');
    expect(performance.now() - frozenAt).toBeLessThan(10_000);
    for (const end of await Promise.all(failed)) {
      expect(end?.error).toMatchObject({ code: 'host.connection_lost' });
      expect((end?.at ?? 0) - frozenAt).toBeLessThan(10_000);
    }
  }, 30_000);

  it('is noticed on a master that carries files only', async () => {
    const { sshd, open, runtimeDirectory, through } = await host();
    const proxy = await startDelayProxy({ targetPort: sshd.port });
    closers.unshift(proxy.stop);
    const hostId = sshd.alias as HostId;
    const connection = new Connection({ hostId, runtimeDirectory, ...through(proxy.port) });
    closers.unshift(() => connection.close());
    const { channel } = await connection.openSession((channels) => channels.openSftp());
    const channels = await connection.channels();
    expect([channel === null, await channels.ping()]).toEqual([false, true]);
    proxy.freeze();
    let isAnswered = false;
    const answer = channels.ping().then(() => (isAnswered = true));
    // Long enough for an answer: as long as a whole login beside it takes.
    await open().exec(TRUE);
    expect(isAnswered).toBe(false);
    proxy.thaw();
    expect(await answer).toBe(true);
  });

  it('is not what a link full of one command’s output is', async () => {
    const { sshd, open, through } = await host();
    const proxy = await startDelayProxy({ targetPort: sshd.port, delayMs: 50 });
    closers.unshift(proxy.stop);
    const runtime = open(through(proxy.port));
    const states: ConnectionState['state'][] = [];
    let bytes = 0;
    await runtime.exec(TRUE);
    runtime.watchConnection(({ state }) => void states.push(state));
    const { outcome } = await runtime.exec(
      { script: 'head -c 100000000 /dev/zero' },
      { onStdout: (piece) => void (bytes += piece.length) },
    );
    expect([outcome, bytes]).toEqual([{ kind: 'exited', code: 0 }, 100_000_000]);
    expect(states.filter((state) => state !== 'connected')).toEqual([]);
  }, 30_000);
});

describe('a lost connection', () => {
  it('leaves no command running on the host once there is another', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    const marker = `31${Math.floor(Math.random() * 1e9)}`;
    const lost = runtime.exec({ script: `sleep ${marker} & sleep ${marker}` }).then(
      () => null,
      (error: unknown) => error,
    );
    const kept = runtime.exec({ script: 'true' });
    await until(() => processesWith(`sleep ${marker}`).length >= 2);
    await kept;
    sshd.killConnections();
    expect(await lost).toMatchObject({ code: 'host.connection_lost' });
    await untilState(runtime, ({ state }) => state === 'connected');
    await until(() => processesWith(`sleep ${marker}`).length === 0);
  });

  it.each(['reconnect', 'networkReturned'] as const)(
    'is retried at once by %s',
    async (how) => {
      const { sshd, runtimeDirectory, through } = await host();
      const proxy = await startDelayProxy({ targetPort: sshd.port });
      const hostId = sshd.alias as HostId;
      const connection = new Connection({ hostId, runtimeDirectory, ...through(proxy.port) });
      closers.unshift(() => connection.close());
      await connection.reconnect();
      await proxy.stop();
      const far = (state: ConnectionState) => state.state === 'retrying' && state.attempt >= 4;
      await until(() => far(connection.state()));
      const { nextAt } = connection.state() as Extract<ConnectionState, { state: 'retrying' }>;
      const back = await startDelayProxy({ targetPort: sshd.port, port: proxy.port });
      closers.unshift(back.stop);
      void connection[how]();
      await until(() => connection.state().state === 'connected');
      // Before its own time had come.
      expect(Date.now()).toBeLessThan(Date.parse(nextAt));
    },
    20_000,
  );
});

describe('reconnect', () => {
  it('asks for the facts anew', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    const before = await runtime.facts();
    expect(await runtime.facts()).toBe(before);
    await runtime.reconnect();
    expect(await runtime.facts()).not.toBe(before);
    expect(sshd.logins()).toBe(1);
  });

  it('tells why it cannot, with what ssh said last', async () => {
    const { sshd, open } = await host();
    const path = join(sshd.directory, 'nowhere');
    writeFileSync(path, `Host ${sshd.alias}\n  HostName no-such-name.invalid\n`);
    for (let round = 0; round < 5; round++) {
      const runtime = open({ sshConfigPath: path });
      await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.unknown' });
      await runtime.close();
    }
  });
});

describe('the method', () => {
  it('is changed on a living runtime, and what comes next runs over the other', async () => {
    const { sshd, open } = await host();
    const runtime = open({ questions: person(() => answered('')) });
    await runtime.exec(TRUE);
    expect([runtime.method, processesWith(sshd.sshConfigPath, ' -N ').length]).toEqual(['master', 1]);
    await runtime.setMethod('direct');
    expect(text((await runtime.exec({ script: 'echo direct' })).stdout)).toBe('direct\n');
    expect([runtime.method, processesWith(sshd.sshConfigPath, ' -N ').length]).toEqual(['direct', 0]);
    await runtime.setMethod('master');
    expect(text((await runtime.exec({ script: 'echo master' })).stdout)).toBe('master\n');
    expect(processesWith(sshd.sshConfigPath, ' -N ').length).toBe(1);
  });

  it('is changed while the host is away, and tried at once', async () => {
    const { sshd, open } = await host();
    const path = join(sshd.directory, 'closed');
    writeFileSync(path, `Host ${sshd.alias}\n  HostName 127.0.0.1\n  Port ${await freePort()}\n`);
    const runtime = open({ sshConfigPath: path });
    await expect(runtime.exec(TRUE)).rejects.toMatchObject({ code: 'host.refused' });
    const next = untilState(runtime, ({ state }) => state === 'connecting');
    await runtime.setMethod('direct');
    expect((await next).state).toBe('connecting');
  });
});

describe('a host that ends each connection', () => {
  it('is not hammered with logins', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    let lost = 0;
    runtime.watchConnection(({ state, ...rest }) => {
      if (state !== 'connected' || !('latencyMs' in rest) || rest.latencyMs !== null) return;
      lost += 1;
      sshd.killConnections();
    });
    // Most commands find a next connection in time; here none is needed.
    runtime.exec(TRUE).catch(() => {});
    await untilState(runtime, ({ state }) => state === 'retrying');
    expect(lost).toBeGreaterThanOrEqual(4);
  });
});

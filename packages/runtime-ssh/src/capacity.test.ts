import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostId } from '@farhand/shared/model/hosts';
import { afterEach, describe, expect, it } from 'vitest';
import { Connection, type ConnectionOptions } from './connection.ts';
import { KeptShell } from './shells/kept-shell.ts';
import { type SshHost, startSshHost, text, until } from './testing/ssh-host.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function host(...options: Parameters<typeof startSshHost>): Promise<SshHost> {
  const started = await startSshHost(...options);
  closers.push(started.close);
  return started;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Refused sessions so far, by sshd's own words. */
function refusals({ sshd }: SshHost): number {
  return sshd.log().split('no more sessions').length - 1;
}

function connect({ sshd, runtimeDirectory }: SshHost, extra: Partial<ConnectionOptions> = {}): Connection {
  const connection = new Connection({
    hostId: sshd.alias as HostId,
    sshConfigPath: sshd.sshConfigPath,
    runtimeDirectory,
    ...extra,
  });
  closers.unshift(() => connection.close());
  return connection;
}

/** Sessions that stay open. */
async function openSessions(connection: Connection, count: number): Promise<KeptShell[]> {
  return await Promise.all(numbers(count).map(() => KeptShell.open(connection, { login: false })));
}

describe('the limit of sessions', () => {
  it.each([1, 2, 3])('MaxSessions %i is learned, told, and not run into again', async (maxSessions) => {
    const started = await host({ maxSessions });
    const learned: number[] = [];
    const connection = connect(started, { onSessionLimit: (limit) => learned.push(limit) });
    await openSessions(connection, maxSessions + 1);
    expect([learned, connection.sessionLimit]).toEqual([[maxSessions], maxSessions]);
    const before = refusals(started);
    expect(before).toBeGreaterThan(0);
    await openSessions(connection, 5);
    expect(refusals(started)).toBe(before);
    expect(connection.masters.size).toBe(Math.ceil((maxSessions + 6) / maxSessions));
  });

  it('known from before is never run into', async () => {
    const started = await host({ maxSessions: 2 });
    const connection = connect(started, { sessionLimit: 2 });
    await openSessions(connection, 7);
    expect([refusals(started), connection.masters.size]).toEqual([0, 4]);
  });

  it('that was lowered is learned anew', async () => {
    const started = await host({ maxSessions: 2 });
    const learned: number[] = [];
    const connection = connect(started, { sessionLimit: 8, onSessionLimit: (limit) => learned.push(limit) });
    await openSessions(connection, 5);
    expect(learned).toEqual([2]);
  });

  it('of sshd by default is not run into, and needs not to be learned', async () => {
    const started = await host();
    const connection = connect(started);
    await openSessions(connection, 20);
    expect([refusals(started), connection.sessionLimit, connection.masters.size]).toEqual([0, null, 3]);
  });

  it('MaxSessions 1 leaves every kind of work its own connection while commands fill the rest', async () => {
    const started = await host({ maxSessions: 1 });
    const runtime = started.open();
    const gate = join(started.sshd.home, 'gate');
    const abort = new AbortController();
    let hasStarted = false;
    const cancelled = runtime.exec(
      { script: 'echo started; sleep 60' },
      { signal: abort.signal, lane: 'first', onStdout: () => void (hasStarted = true) },
    );
    const running = numbers(40).map((index) =>
      runtime.exec({ script: `until [ -e ${gate} ]; do sleep 0.1; done` }, { lane: `w${index % 20}` }),
    );
    await until(() => hasStarted && started.sshd.logins() >= 10);
    await runtime.files.write(join(started.sshd.home, 'f'), Buffer.from('x'));
    abort.abort();
    expect((await cancelled).outcome).toEqual({ kind: 'cancelled' });
    writeFileSync(gate, '');
    expect((await Promise.all(running)).every(({ outcome }) => outcome.kind === 'exited')).toBe(true);
    expect(started.sshd.logins()).toBeLessThanOrEqual(25);
  }, 60_000);
});

describe('logins', () => {
  it('are few for two hundred commands at once', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    const results = await Promise.all(
      numbers(200).map((index) => runtime.exec({ script: `echo ${index}` }, { lane: `w${index % 7}` })),
    );
    expect(results.map(({ stdout }) => text(stdout))).toEqual(numbers(200).map((index) => `${index}\n`));
    expect(sshd.logins()).toBeLessThanOrEqual(4);
  });

  it('never come two at a time, and one that a busy sshd drops is tried again', async () => {
    // One login under way at most, and every further one dropped: somebody else holds that place for a while.
    const started = await host({ maxStartups: '1:100:1', config: ['LoginGraceTime 2'] });
    const { sshd } = started;
    const { connect: dial } = await import('node:net');
    const stranger = dial(sshd.port, '127.0.0.1').on('error', () => {});
    closers.unshift(async () => void stranger.destroy());
    await until(() => sshd.log().includes('Connection from'));
    const runtime = started.open();
    expect(text((await runtime.exec({ script: 'echo in' })).stdout)).toBe('in\n');
    expect(sshd.log()).toMatch(/drop connection|past MaxStartups/);
    const gate = join(sshd.home, 'gate');
    const dropped = sshd.log().split(/drop connection|past MaxStartups/).length;
    const running = numbers(15).map((index) =>
      runtime.exec({ script: `until [ -e ${gate} ]; do sleep 0.1; done` }, { lane: `w${index}` }),
    );
    await until(() => sshd.logins() >= 2);
    writeFileSync(gate, '');
    await Promise.all(running);
    expect(sshd.log().split(/drop connection|past MaxStartups/).length).toBe(dropped);
  }, 60_000);
});

describe('lanes', () => {
  it('let one command pass five hundred of another', async () => {
    const { open } = await host();
    const runtime = open();
    await runtime.exec({ script: 'true' });
    let done = 0;
    const many = Promise.all(
      numbers(500).map(async () => {
        await runtime.exec({ argv: ['true'] }, { lane: 'many' });
        done++;
      }),
    );
    await until(() => done > 0);
    const before = done;
    await runtime.exec({ argv: ['true'] }, { lane: 'one' });
    // As many as were in flight, and those that ended while its answer was on the way.
    expect(done - before).toBeLessThanOrEqual(60);
    expect(done).toBeLessThan(500);
    await many;
  });

  it('cannot take all shells by commands that do not end', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    const gate = join(sshd.home, 'gate');
    const started = join(sshd.home, 'started');
    const running = numbers(60).map(() =>
      runtime.exec(
        { script: `echo x >> ${started}; until [ -e ${gate} ]; do sleep 0.2; done` },
        { lane: 'greedy' },
      ),
    );
    const count = async () =>
      Number(text((await runtime.exec({ script: `wc -l < ${started}` }, { lane: 'other' })).stdout));
    await until(async () => (await count()) >= 22);
    expect(text((await runtime.exec({ script: 'echo free' }, { lane: 'other' })).stdout)).toBe('free\n');
    expect(await count()).toBe(22);
    writeFileSync(gate, '');
    await Promise.all(running);
  }, 60_000);
});

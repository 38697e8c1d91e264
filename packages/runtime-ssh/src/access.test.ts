import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SshRuntimeOptions } from './runtime.ts';
import { person, REFUSED } from './testing/person.ts';
import { type SshHost, startSshHost, text, untilState } from './testing/ssh-host.ts';

let host: SshHost;
beforeEach(async () => {
  host = await startSshHost();
});
afterEach(() => host.close());

const refusal = new FarhandError('host.disabled');
const open = (options: Partial<SshRuntimeOptions> = {}) =>
  host.open({ hostId: 'prod' as HostId, ...options });
const here = () => ({ host: host.sshd.alias, port: null, user: null, identityFile: null });

describe.each(['master', 'direct'] as const)('where a runtime may connect, by %s', (method) => {
  it('is nowhere while it is refused, and there as soon as it is not', async () => {
    const runtime = open({ method, refusal });
    expect(runtime.connection()).toMatchObject({ state: 'refused', code: 'host.disabled' });
    await expect(runtime.exec({ argv: ['true'] })).rejects.toBe(refusal);
    await expect(runtime.reconnect()).rejects.toBe(refusal);
    expect(host.sshd.logins()).toBe(0);
    runtime.setAccess?.({ destination: here() });
    const { stdout } = await runtime.exec({ argv: ['printenv', 'HOME'] });
    expect(text(stdout).trim()).toBe(host.sshd.home);
    expect(runtime.address?.()).toEqual({
      hostname: '127.0.0.1',
      port: host.sshd.port,
      user: host.sshd.user,
    });
  });

  it('stays as it is where nothing changed, and ends what runs where it is refused', async () => {
    const runtime = open({ method, destination: here() });
    await runtime.reconnect();
    runtime.setAccess?.({ destination: here() });
    await runtime.exec({ argv: ['true'] });
    expect(host.sshd.logins()).toBe(1);
    const running = runtime.exec({ argv: ['sleep', '60'] });
    running.catch(() => {});
    runtime.setAccess?.({ refusal });
    await expect(running).rejects.toMatchObject({ code: expect.stringMatching(/^host\./) });
    await expect(runtime.files.stat('/')).rejects.toMatchObject({ code: expect.stringMatching(/^host\./) });
    expect(runtime.connection()).toMatchObject({ state: 'refused', code: 'host.disabled' });
    expect(host.sshd.logins()).toBe(1);
  });

  it('is let go between two tries, and connected with the next call', async () => {
    const runtime = open({ method, destination: { ...here(), port: 1 } });
    await expect(runtime.exec({ argv: ['true'] })).rejects.toMatchObject({ code: 'host.refused' });
    await untilState(runtime, ({ state }) => state === 'retrying');
    const states: string[] = [];
    runtime.watchConnection(({ state }) => states.push(state));
    const waiting = runtime.exec({ argv: ['true'] });
    waiting.catch(() => {});
    if (runtime.connection().state !== 'retrying')
      await untilState(runtime, ({ state }) => state === 'retrying');
    runtime.letGo?.();
    await expect(waiting).rejects.toMatchObject({ code: 'host.refused' });
    expect([runtime.connection().state, states.at(-1)]).toEqual(['idle', 'idle']);
    runtime.setAccess?.({ destination: here() });
    // Not by itself.
    expect(runtime.connection().state).toBe('idle');
    await runtime.exec({ argv: ['true'] });
    runtime.letGo?.();
    expect(runtime.connection().state).toBe('connected');
  });

  it('is elsewhere at once, also while the place before still asks', async () => {
    writeFileSync(join(host.sshd.directory, 'known_hosts'), '');
    const somebody = person(() => new Promise(() => REFUSED));
    const runtime = open({ method, destination: here(), questions: somebody });
    runtime.reconnect().catch(() => {});
    await somebody.untilAsked(1);
    runtime.setAccess?.({ destination: { ...here(), port: 1 } });
    const state = await untilState(runtime, ({ state }) => state === 'retrying');
    expect(state).toMatchObject({ code: 'host.refused' });
  });
});

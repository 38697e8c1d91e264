import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { startDelayProxy } from '@farhand/shared/testing/delay-proxy';
import { describe, expect, it } from 'vitest';
import { answering, configWith, directTest, logInDirectly, run, works } from '../testing/direct-host.ts';
import { answered, person, REFUSED } from '../testing/person.ts';
import { processesWith, startSshHost } from '../testing/ssh-host.ts';

const { after, agentOf, start } = directTest();

describe('a direct connection is made', () => {
  it('over a jump host, and leaves no process of it', async () => {
    const inner = await start();
    const jump = await start();
    const through = configWith(inner, { ProxyJump: 'jump' });
    const host = readFileSync(jump.sshConfigPath, 'utf8').replace(jump.alias, 'jump');
    writeFileSync(through, `${readFileSync(through, 'utf8')}\n${host}`);
    const ssh = () => processesWith('-W', `[127.0.0.1]:${inner.port}`);
    const master = await logInDirectly(inner, {}, { sshConfigPath: through });
    expect(await run(master, 'echo over')).toBe('over\n');
    expect(jump.logins()).toBe(1);
    expect(ssh()).toHaveLength(1);
    await master.close();
    expect(ssh()).toEqual([]);
  });

  it('over a jump host that has something to ask', async () => {
    const inner = await start();
    const jump = await start();
    const through = configWith(inner, { ProxyJump: 'jump' });
    const host = readFileSync(jump.sshConfigPath, 'utf8').replace(jump.alias, 'jump');
    const unknown = host.replace(
      /UserKnownHostsFile .*/,
      `UserKnownHostsFile ${join(jump.directory, 'new')}`,
    );
    writeFileSync(through, `${readFileSync(through, 'utf8')}\n${unknown}`);
    const questions = answering(['host_key', 'yes']);
    await works(logInDirectly(inner, {}, { sshConfigPath: through, questions, environment: process.env }));
    expect(questions.asked).toMatchObject([{ hostKey: { type: 'ED25519' } }]);
  });

  it('by a ProxyCommand, with its tokens', async () => {
    const sshd = await start();
    const program = join(sshd.directory, 'carry.mjs');
    writeFileSync(
      program,
      "import { connect } from 'node:net';\nconst s = connect(+process.argv[3], process.argv[2]);\nprocess.stdin.pipe(s).pipe(process.stdout);\n",
    );
    const command = `"${process.execPath}" ${program} %h %p %%`;
    const master = await logInDirectly(sshd, { ProxyCommand: command });
    expect(await run(master, 'echo over')).toBe('over\n');
    await master.close();
    expect(processesWith(program)).toEqual([]);
  });

  it('not by a proxy that fails, and tells its words', async () => {
    const sshd = await start();
    await expect(
      logInDirectly(sshd, { ProxyCommand: 'echo no way through >&2; exit 3' }),
    ).rejects.toMatchObject({
      code: 'host.proxy_failed',
      message: expect.stringContaining('no way through'),
    });
    await expect(logInDirectly(sshd, { ProxyCommand: '/no/such/program %h' })).rejects.toMatchObject({
      code: 'host.proxy_failed',
      hint: expect.stringContaining('/no/such/program'),
    });
  });

  it('not to a port where nothing, or something else, listens', async () => {
    const sshd = await start();
    await expect(logInDirectly(sshd, { Port: '1' })).rejects.toMatchObject({ code: 'host.refused' });
    await expect(logInDirectly(sshd, { HostName: 'no-such-host.invalid' })).rejects.toMatchObject({
      code: 'host.unknown',
    });
    await expect(logInDirectly(sshd, { Ciphers: '3des-cbc' })).rejects.toMatchObject({
      code: 'host.direct_unsupported',
    });
    await expect(logInDirectly(sshd, { KexAlgorithms: 'diffie-hellman-group1-sha1' })).rejects.toMatchObject({
      code: 'host.no_common_algorithm',
    });
  });

  it('later, where the host has too many logins under way', async () => {
    const sshd = await start({ maxStartups: '1:100:1' });
    const first = connect(sshd.port, '127.0.0.1').on('error', () => {});
    await once(first, 'data');
    await expect(logInDirectly(sshd)).rejects.toMatchObject({ code: 'host.too_busy', retryable: true });
    first.destroy();
  });

  it('within its time, and not after its signal', async () => {
    const sshd = await start();
    const proxy = await startDelayProxy({ targetPort: sshd.port });
    after(() => proxy.stop());
    proxy.freeze();
    const config = { Port: String(proxy.port), ConnectTimeout: '1' };
    await expect(logInDirectly(sshd, config)).rejects.toMatchObject({ code: 'host.timed_out' });
    const ended = new AbortController();
    const login = logInDirectly(sshd, { Port: String(proxy.port) }, { signal: ended.signal });
    ended.abort(new Error('not wanted'));
    await expect(login).rejects.toThrow('not wanted');
  });

  it('forwards neither agent nor screen', async () => {
    const sshd = await start();
    const agent = await agentOf(sshd);
    agent.add(join(sshd.directory, 'user_key'));
    const changes = { ForwardAgent: 'yes', ForwardX11: 'yes', IdentityAgent: agent.socketPath };
    const master = await logInDirectly(sshd, changes);
    expect(await run(master, 'echo "$SSH_AUTH_SOCK$DISPLAY"')).toBe('\n');
    await master.close();
  });
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

const describeOverIpv6 = hasIpv6 ? describe : undefined;

describeOverIpv6?.('a direct connection over IPv6', () => {
  it('reaches a host by its address', async () => {
    const sshd = await start({ address: '::1' });
    await works(logInDirectly(sshd));
    await works(logInDirectly(sshd, { AddressFamily: 'inet6' }));
  });
});

describe('a direct connection that freezes', () => {
  it('ends within ten seconds, and one that is only idle does not', async () => {
    const sshd = await start();
    const proxy = await startDelayProxy({ targetPort: sshd.port });
    after(() => proxy.stop());
    const changes = { Port: String(proxy.port), HostKeyAlias: `[127.0.0.1]:${sshd.port}` };
    const [frozen, idle] = await Promise.all([logInDirectly(sshd, changes), logInDirectly(sshd)]);
    let hasIdleEnded = false;
    idle.channels.onClose(() => {
      hasIdleEnded = true;
    });
    const ended = new Promise<void>((resolve) => frozen.channels.onClose(resolve));
    const since = performance.now();
    proxy.freeze();
    await ended;
    expect(performance.now() - since).toBeLessThan(10_000);
    await frozen.close();
    expect(hasIdleEnded).toBe(false);
    await works(Promise.resolve(idle));
  });
});

describe('a runtime by the direct method', () => {
  it('waits for the answer, and is refused where the person declines', async () => {
    const host = await startSshHost();
    after(() => host.close());
    const path = configWith(host.sshd, { UserKnownHostsFile: join(host.sshd.directory, 'new') });
    const someone = person(() => (someone.asked.length > 1 ? answered('yes') : REFUSED));
    const runtime = host.open({
      method: 'direct',
      sshConfigPath: path,
      questions: someone,
      environment: process.env,
    });
    const states: string[] = [];
    runtime.watchConnection(({ state }) => states.push(state));
    await expect(runtime.reconnect()).rejects.toMatchObject({ code: 'host.question_refused' });
    expect(runtime.connection()).toMatchObject({ state: 'refused' });
    await runtime.reconnect();
    expect(states).toEqual(expect.arrayContaining(['connecting', 'asking', 'refused', 'connected']));
    expect(processesWith('-M', path)).toEqual([]);
  });
});

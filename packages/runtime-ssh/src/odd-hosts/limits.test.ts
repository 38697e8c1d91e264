import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { commandRules } from '@farhand/shared/testing/contract/commands';
import { describe, expect, it } from 'vitest';
import { answerOf, describeAsRoot, describeRules, jobOutput, newUser, oddHost } from './odd-host.ts';

describeRules('a host with MaxSessions 1', { maxSessions: 1 }, { commands: commandRules });
describeRules('a host with MaxSessions 2', { maxSessions: 2 }, { commands: commandRules });

describe.each([1, 2])('a host with MaxSessions %i', (maxSessions) => {
  it('runs jobs, follows them, and reads and writes files meanwhile', async () => {
    const { runtime, sshd } = await oddHost({ maxSessions });
    const numbers = Array.from({ length: 5 }, (_, index) => index);
    const all = Promise.all(numbers.map((number) => jobOutput(runtime, `sleep 0.3; echo ${number}`)));
    await runtime.files.write(`${sshd.home}/file`, Buffer.from('x'));
    expect(await answerOf(runtime, 'cat file')).toBe('x');
    expect(await all).toEqual(numbers.map((number) => `${number}\n`));
  });
});

describe('a host with a forced command', () => {
  it('works where that runs what was asked for', async () => {
    const { runtime, sshd } = await oddHost({
      config: ['ForceCommand echo "logged" >&2; eval "$SSH_ORIGINAL_COMMAND"'],
    });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
    expect(await jobOutput(runtime, 'echo well')).toBe('well\n');
    await runtime.files.write(`${sshd.home}/file`, Buffer.from('x'));
    expect(await answerOf(runtime, 'cat file')).toBe('x');
  });

  it('is refused with its own words where that ignores what was asked for', async () => {
    const { runtime } = await oddHost({
      config: ['ForceCommand echo "This account only serves git."; exit 3'],
    });
    await expect(runtime.exec({ argv: ['true'] })).rejects.toMatchObject({
      code: 'host.shell_unusable',
      message: expect.stringContaining('This account only serves git.'),
    });
  });

  it('is refused at once where that is a program which waits', async () => {
    const { runtime } = await oddHost({ config: ['ForceCommand cat'] });
    await expect(runtime.exec({ argv: ['true'] })).rejects.toMatchObject({ code: 'host.shell_unusable' });
  });
});

describeAsRoot?.('an account that gives no shell', () => {
  it('is refused with the words of the host', async () => {
    const { runtime } = await oddHost({ asUser: newUser(), shell: '/usr/sbin/nologin' });
    await expect(runtime.exec({ argv: ['true'] })).rejects.toMatchObject({
      code: 'host.shell_unusable',
      message: expect.stringContaining('not available'),
    });
  });
});

describe('a host that prohibits forwarding', () => {
  it('says so, and does everything else', async () => {
    const { runtime } = await oddHost({ config: ['AllowTcpForwarding no'] });
    await expect(runtime.forward(8080)).rejects.toMatchObject({
      code: 'forward.failed',
      message: expect.stringContaining('prohibits'),
    });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
  });

  it('forwards the ports that it does allow', async () => {
    const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { runtime } = await oddHost({ config: [`PermitOpen 127.0.0.1:${port}`] });
    const forward = await runtime.forward(port);
    const client = connect(forward.localPort, '127.0.0.1');
    client.end('ping');
    let echoed = '';
    for await (const bytes of client) echoed += String(bytes);
    expect(echoed).toBe('ping');
    await expect(runtime.forward(port === 1 ? 2 : 1)).rejects.toMatchObject({ code: 'forward.failed' });
    await new Promise((resolve) => server.close(resolve));
  });
});

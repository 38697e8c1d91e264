import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { newId } from '../../model/ids.ts';
import { ARGUMENT_LISTS, type Subject, script, sh, until, watchJob } from './watch.ts';

export function connectionRules(subject: Subject): void {
  it('[CN1] carries TCP both ways until it is closed', async () => {
    // The host of a test is this machine, so the far end can be a server of ours.
    const server = createServer((socket) => socket.pipe(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const forward = await subject().runtime.forward(address.port);
    const client = connect(forward.localPort, '127.0.0.1');
    client.end('ping');
    let echoed = '';
    for await (const bytes of client) echoed += String(bytes);
    expect(echoed).toBe('ping');
    await forward.close();
    const late = connect(forward.localPort, '127.0.0.1');
    await expect(once(late, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('[CN2] leaves no process of ours and ends no job', async () => {
    const other = await subject().another();
    const { runtime, tempDirectory } = subject();
    const id = newId('job');
    await other.jobs.start({ id, command: script('echo up; exec sleep 60'), cwd: tempDirectory });
    const watch = watchJob(other, id);
    const torn = watch.ended.then(
      () => 'ended',
      (error: { code: string }) => error.code,
    );
    await watch.sees(/up/);
    await other.close();
    expect(await torn).toBe('host.connection_lost');
    expect((await runtime.jobs.get(id)).status).toEqual({ state: 'running' });
    await until(
      async () =>
        !(await sh(runtime, ARGUMENT_LISTS))
          .split('\n')
          .some((line) => line.startsWith('tail ') && line.includes(id)),
    );
    await runtime.jobs.remove(id);
  });

  it('[CN3] tells home, user, system and tools', async () => {
    const { runtime } = subject();
    const facts = await runtime.facts();
    expect(`${facts.home}\n${facts.user}\n${facts.system}\n`).toBe(
      await sh(runtime, 'echo "$HOME"; id -un; uname -s'),
    );
    expect(facts.gitVersion).toMatch(/^\d+\.\d+/);
    expect(facts.hasTerminal).toBe(true);
    expect(facts.hasBash).toBe(await sh(runtime, 'command -v bash || true').then((path) => path !== ''));
  });
}

import { type JobId, newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterEach, describe, expect, it } from 'vitest';
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

/** Attaches to a new job that prints what it is told, line by line; resolves `seen` when it has printed a text. */
function follow(runtime: Runtime, id: JobId, start = true) {
  let printed = '';
  let look = () => {};
  const command = { script: 'echo up; while read -r line; do echo "$line"; done' };
  const ended = runtime.jobs.attach(id, {
    ...(start && { start: { id, command, cwd: '/', input: true } }),
    onOutput: (_stream, _offset, bytes) => {
      printed += text(bytes);
      look();
    },
  });
  ended.catch(() => {});
  const seen = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      look = () => printed.includes(wanted) && resolve();
      look();
      ended.catch(reject);
    });
  return { id, ended, seen };
}

describe('live output', () => {
  it.each(['perl', 'sh'] as const)(
    '[JB13] of a hundred jobs shares one session, by %s',
    async (hub) => {
      const { open, sshd } = await host();
      const runtime = open({ hub });
      const followed = Array.from({ length: 100 }, () => follow(runtime, newId('job')));
      await Promise.all(followed.map(({ seen }) => seen('up\n')));
      const line = new TextEncoder().encode('again\n');
      await Promise.all(followed.map(({ id }) => runtime.jobs.write(id, 0, line)));
      await Promise.all(followed.map(({ seen }) => seen('up\nagain\n')));
      const { stdout } = await runtime.exec({ script: 'cd ~/.farhand/jobs && ls -d */watch.*' });
      const hubs = text(stdout)
        .trim()
        .split('\n')
        .map((mark) => mark.split('.')[1]);
      expect([hubs.length, new Set(hubs).size]).toEqual([100, 1]);
      // Starting a hundred at once takes shells of a second connection; following them takes one session.
      expect(sshd.logins()).toBeLessThanOrEqual(2);
      expect(sshd.log()).not.toContain('no more sessions');
      await Promise.all(followed.map(({ id }) => runtime.jobs.remove(id)));
    },
    60_000,
  );

  it.each(['perl', 'sh'] as const)(
    '[JB13] leaves nothing on the host when the connection breaks, and is there again after, by %s',
    async (hub) => {
      const { open, sshd } = await host();
      const runtime = open({ hub });
      const lost = follow(runtime, newId('job'));
      await lost.seen('up\n');
      const marks = async () =>
        text(
          (await runtime.exec({ script: `cd ~/.farhand/jobs/${lost.id} && ls -d watch.*` })).stdout,
        ).trim();
      const mark = await marks();
      expect(mark).toMatch(/^watch\.\d+\.1$/);
      sshd.killConnections();
      await expect(lost.ended).rejects.toMatchObject({ code: 'host.connection_lost' });
      const hubPid = Number(mark.split('.')[1]);
      await until(() => !isAlive(hubPid));
      await until(async () => (await marks()) === '');
      const again = follow(runtime, lost.id, false);
      await again.seen('up\n');
      await runtime.jobs.remove(lost.id);
      expect(await again.ended).not.toBe('detached');
    },
  );

  it('[JB13] removes what a killed hub left, when the next one comes', async () => {
    const { open } = await host();
    const runtime = open({ hub: 'perl' });
    const lost = follow(runtime, newId('job'));
    await lost.seen('up\n');
    const list = `cd ~/.farhand/jobs/${lost.id} && ls -d watch.*`;
    const mark = text((await runtime.exec({ script: list })).stdout).trim();
    process.kill(Number(mark.split('.')[1]), 'SIGKILL');
    await expect(lost.ended).rejects.toMatchObject({ code: 'host.connection_lost' });
    const again = follow(runtime, lost.id, false);
    await again.seen('up\n');
    const marks = text((await runtime.exec({ script: list })).stdout).trim();
    expect(marks).toMatch(/^watch\.\d+\.1$/);
    expect(marks).not.toBe(mark);
    await runtime.jobs.remove(lost.id);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

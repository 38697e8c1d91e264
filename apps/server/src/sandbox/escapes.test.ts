import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type JobId, newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobUse } from '../protection/job-use.ts';
import { ATTEMPTS } from './testing/escapes.ts';
import { HOST_KINDS, openHost, type SandboxHost } from './testing/hosts.ts';
import { placeAt, ran, sandboxesOf } from './testing/sandbox-bench.ts';

const BY_CODEX: JobUse = { kind: 'agent', sessionId: null, by: { kind: 'agent', name: 'codex' } };

// As a login on a desktop has them.
const LOGIN = {
  SSH_AUTH_SOCK: '/tmp/agent.sock',
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus',
  DISPLAY: ':0',
  GITHUB_TOKEN: 'LOGIN-KEY',
  AWS_SECRET_ACCESS_KEY: 'LOGIN-KEY',
};

describe.each(HOST_KINDS)('a sandbox on %s', { timeout: 60_000 }, (kind) => {
  let host: SandboxHost;
  let inside: Runtime;
  let victim: { readonly jobId: JobId; readonly pid: string };
  let socket: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    host = await openHost(kind, LOGIN);
    const { runtime, home, workspace } = host;
    const place = placeAt(workspace);
    inside = sandboxesOf(runtime, () => 'workspace').layer(runtime, place, BY_CODEX);
    const jobId = newId('job');
    await runtime.jobs.start({
      id: jobId,
      command: { argv: ['perl', '-e', '$| = 1; print "$$\n"; sleep 1000', 'CANARY_ARGUMENT'] },
      cwd: home,
      env: { SECRET: 'CANARY_OF_VICTIM' },
    });
    const read = async (): Promise<string> => {
      const { bytes } = await runtime.jobs.read(jobId, 'out', 0);
      return bytes.length > 0 ? new TextDecoder().decode(bytes).trim() : await read();
    };
    victim = { jobId, pid: await read() };
    const path = join(home, 'agent.sock');
    socket = createServer((connection) => connection.end());
    await new Promise<void>((resolve) => socket.listen(path, resolve));
    chmodSync(path, 0o777);
    env = {
      HOST_HOME: home,
      VICTIM: victim.pid,
      SOCKET: path,
    };
  }, 60_000);
  afterAll(async () => {
    socket.close();
    await host.runtime.jobs.remove(victim.jobId);
    await host.close();
  });

  it.each(ATTEMPTS)('does not let out by $name', async ({ script }) => {
    const { out, err } = await ran(inside, { script }, { cwd: host.workspace, env, timeoutMs: 20_000 });
    expect(out, `${out}${err}`).not.toMatch(/ESCAPED|PRIVATE|CANARY|-KEY|TOKEN|PASSWORD|OTHER/);
    expect(err).not.toContain('farhand: sandbox:');
    expect(err).not.toMatch(/^bwrap: (?!.*nested|.*namespace|No permissions|Creating)/m);
  });

  it('has seen each of them tried, not left out', async () => {
    const { code, out } = await ran(
      inside,
      { script: 'echo "$VICTIM$HOST_HOME"; pwd' },
      { cwd: host.workspace, env },
    );
    expect(code).toBe(0);
    expect(out).toBe(`${victim.pid}${host.home}\n${host.workspace}\n`);
  });

  it('leaves nothing behind on the host', async () => {
    const { status } = await host.runtime.jobs.get(victim.jobId);
    expect(status.state).toBe('running');
    for (const path of ['escaped', 'escaped-later', '.bashrc', '.ssh/authorized_keys', '.farhand/fifo'])
      expect(existsSync(join(host.home, path)), path).toBe(false);
    expect(readFileSync(join(host.home, '.farhand/workspaces/other/file'), 'utf8')).toBe('OTHER-WORKSPACE');
    expect(existsSync(join(host.workspace, 'late'))).toBe(false);
  });

  // In the test's own home folder, where nothing can be harmed.
  const provable =
    kind === 'ssh as an ordinary user' ? ATTEMPTS.filter(({ worksOutside }) => worksOutside) : [];
  for (const { name, script } of provable)
    it(`is tried in earnest: without it, ${name} lets out`, async () => {
      const { out } = await ran(host.runtime, { script }, { cwd: host.workspace, env, timeoutMs: 20_000 });
      expect(out).toContain('ESCAPED');
    });
});

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import { startDelayProxy } from '@farhand/shared/testing/delay-proxy';
import { afterEach, describe, expect, it } from 'vitest';
import { createShellOf } from './testing/shell-of.ts';
import {
  allArgumentLists,
  processesWith,
  type SshHost,
  startSshHost,
  text,
  until,
  untilState,
} from './testing/ssh-host.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function host(...options: Parameters<typeof startSshHost>): Promise<SshHost> {
  const started = await startSshHost(...options);
  closers.push(started.close);
  return started;
}

/** What a promise is rejected with; taken at once, so that it never counts as unhandled. */
function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'it was not rejected',
    (error: unknown) => error,
  );
}

describe('sessions', () => {
  it('runs a hundred commands at once with few logins', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => runtime.exec({ script: `echo ${index}` })),
    );
    expect(results.map((result) => text(result.stdout))).toEqual(
      Array.from({ length: 100 }, (_, index) => `${index}\n`),
    );
    expect(sshd.logins()).toBeLessThanOrEqual(2);
    expect(sshd.log()).not.toContain('no more sessions');
  });

  it('adds connections while long commands run, and never asks one for too many sessions', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    const gate = join(sshd.home, 'gate');
    const running = Array.from({ length: 20 }, () =>
      runtime.exec({ script: `until [ -e ${gate} ]; do sleep 0.1; done` }),
    );
    await until(
      async () =>
        (await runtime.exec({ script: 'echo free' })).outcome.kind === 'exited' && sshd.logins() >= 3,
    );
    writeFileSync(gate, '');
    expect((await Promise.all(running)).every((result) => result.outcome.kind === 'exited')).toBe(true);
    expect(sshd.log()).not.toContain('no more sessions');
  });

  it('learns a lower limit and goes on', async () => {
    const { sshd, open } = await host({ maxSessions: 2 });
    const runtime = open();
    await runtime.files.write(join(sshd.home, 'f'), Buffer.from('x'));
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => runtime.exec({ script: `echo ${index}` })),
    );
    expect(results.map((result) => text(result.stdout))).toEqual(
      Array.from({ length: 30 }, (_, index) => `${index}\n`),
    );
    expect(text(await runtime.files.read(join(sshd.home, 'f')))).toBe('x');
  });

  it('ends what a lasting run started when its watching ends', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    const file = join(sshd.home, 'followed');
    writeFileSync(file, '');
    const watching = new AbortController();
    const { shell, close } = createShellOf(sshd);
    closers.push(close);
    const run = shell.run(`exec tail -f ${file}`, { lasting: true, signal: watching.signal });
    await until(() => processesWith(`tail -f ${file}`).length > 0);
    watching.abort();
    expect((await run).outcome).toEqual({ kind: 'cancelled' });
    expect(processesWith(`tail -f ${file}`)).toEqual([]);
    expect((await runtime.exec({ script: 'true' })).outcome).toEqual({ kind: 'exited', code: 0 });
  });

  it('ends what a lasting run started when the connection is gone', async () => {
    const { sshd } = await host();
    const file = join(sshd.home, 'followed');
    writeFileSync(file, '');
    const { shell, close } = createShellOf(sshd);
    closers.push(close);
    const run = shell.run(`exec tail -f ${file}`, { lasting: true });
    const lost = rejection(run);
    await until(() => processesWith(`tail -f ${file}`).length > 0);
    sshd.killConnections();
    expect(await lost).toMatchObject({ code: 'host.connection_lost' });
    await until(() => processesWith(`tail -f ${file}`).length === 0);
  });
});

describe('the connection', () => {
  it('is made anew when its ssh is killed: the running command fails, the next one works', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    await runtime.exec({ script: 'true' });
    const running = runtime.exec({ script: 'sleep 60' });
    const failed = rejection(running);
    for (const pid of processesWith(sshd.sshConfigPath, ' -N ')) process.kill(pid, 'SIGKILL');
    expect(await failed).toMatchObject({ code: 'host.connection_lost', retryable: true });
    expect(text((await runtime.exec({ script: 'echo back' })).stdout)).toBe('back\n');
    await runtime.files.write(join(sshd.home, 'f'), Buffer.from('again'));
    expect(text(await runtime.files.read(join(sshd.home, 'f')))).toBe('again');
  });

  it('hides a short drop from a call that comes meanwhile', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    await runtime.exec({ script: 'true' });
    sshd.killConnections();
    await untilState(runtime, (state) => state.state !== 'connected');
    expect(text((await runtime.exec({ script: 'echo back' })).stdout)).toBe('back\n');
  });

  it('notices a frozen link within ten seconds and comes back when it thaws', async () => {
    const { sshd, open, through } = await host();
    const proxy = await startDelayProxy({ targetPort: sshd.port });
    closers.unshift(proxy.stop);
    const runtime = open(through(proxy.port));
    await runtime.exec({ script: 'true' });
    const running = runtime.exec({ script: 'sleep 60' });
    const failed = rejection(running);
    await untilState(runtime, (state) => state.state === 'connected' && state.latencyMs !== null);
    const frozenAt = performance.now();
    proxy.freeze();
    expect(await failed).toMatchObject({ code: 'host.connection_lost' });
    expect(performance.now() - frozenAt).toBeLessThan(11_000);
    proxy.cut();
    proxy.thaw();
    await untilState(runtime, (state) => state.state === 'connected');
    expect(text((await runtime.exec({ script: 'echo back' })).stdout)).toBe('back\n');
  });

  it('takes one round trip for a warm command', async () => {
    const { sshd, open, through } = await host();
    const delayMs = 100;
    const proxy = await startDelayProxy({ targetPort: sshd.port, delayMs });
    closers.unshift(proxy.stop);
    const runtime = open(through(proxy.port));
    await Promise.all([runtime.exec({ script: 'true' }), runtime.exec({ script: 'true' })]);
    const times: number[] = [];
    for (let count = 0; count < 10; count++) {
      const from = performance.now();
      await runtime.exec({ argv: ['true'] });
      times.push(performance.now() - from);
    }
    // The quickest: a busy machine makes some slower, but none makes two round trips as quick as one.
    expect(Math.min(...times)).toBeLessThan(1.5 * delayMs);
  });

  it('does not try again by itself what only a person can mend, and tries when told', async () => {
    const { sshd, open } = await host();
    const path = join(sshd.directory, 'strange');
    writeFileSync(
      path,
      `Host ${sshd.alias}\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  UserKnownHostsFile /dev/null\n  GlobalKnownHostsFile /dev/null\n`,
    );
    const runtime = open({ sshConfigPath: path });
    await expect(runtime.exec({ script: 'true' })).rejects.toMatchObject({ code: 'host.key_unknown' });
    expect(runtime.connection()).toMatchObject({ state: 'refused', code: 'host.key_unknown' });
    await expect(runtime.exec({ script: 'true' })).rejects.toMatchObject({ code: 'host.key_unknown' });
    expect(sshd.log().split('Connection from').length - 1).toBe(1);
    await expect(runtime.reconnect()).rejects.toMatchObject({ code: 'host.key_unknown' });
    expect(sshd.log().split('Connection from').length - 1).toBe(2);
  });

  it('tells a key with a passphrase from a key that does not fit, and a changed host key from both', async () => {
    const { sshd, open } = await host();
    const config = readFileSync(sshd.sshConfigPath, 'utf8');
    const attempt = async (change: (text: string) => string) => {
      const path = join(sshd.directory, `attempt-${newId('job')}`);
      writeFileSync(path, change(config));
      return open({ sshConfigPath: path })
        .exec({ script: 'true' })
        .then(
          () => 'connected',
          (error: unknown) => FarhandError.from(error).code,
        );
    };
    for (const [name, passphrase] of [
      ['locked', 'secret'],
      ['other', ''],
    ] as const) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', join(sshd.directory, name)]);
    }
    const otherKey = readFileSync(join(sshd.directory, 'other.pub'), 'utf8');
    writeFileSync(join(sshd.directory, 'changed'), `[127.0.0.1]:${sshd.port} ${otherKey}`);
    expect(await attempt((text) => text)).toBe('connected');
    expect(await attempt((text) => text.replace('/user_key', '/locked'))).toBe('host.needs_input');
    expect(await attempt((text) => text.replace('/user_key', '/other'))).toBe('host.auth_failed');
    expect(await attempt((text) => text.replace('/known_hosts', '/changed'))).toBe('host.key_changed');
    expect(await attempt((text) => `${text}  ProxyCommand exit 3\n`)).toBe('host.proxy_failed');
    expect(await attempt((text) => `${text}  Bogus yes\n`)).toBe('host.config_invalid');
  });

  it('tells at once why a host that was never reached is not, and goes on trying', async () => {
    const { sshd, open } = await host();
    const path = join(sshd.directory, 'closed');
    writeFileSync(path, `Host ${sshd.alias}\n  HostName 127.0.0.1\n  Port 1\n`);
    const runtime = open({ sshConfigPath: path });
    await expect(runtime.exec({ script: 'true' })).rejects.toMatchObject({ code: 'host.refused' });
    await untilState(runtime, (state) => state.state === 'retrying' && state.attempt >= 2);
  });

  it('shows the last byte at once, whatever it is', async () => {
    const { open } = await host();
    const runtime = open();
    for (const last of '0123456789abcdef\n') {
      const done = new AbortController();
      const seen: string[] = [];
      const onStdout = (bytes: Uint8Array) => {
        seen.push(text(bytes));
        if (seen.join('') === `x${last}`) done.abort();
      };
      const result = await runtime.exec(
        { script: `printf %s 'x${last}'; sleep 20` },
        { onStdout, signal: done.signal },
      );
      expect(result.outcome).toEqual({ kind: 'cancelled' });
    }
  });

  it('says what an account without a shell says', async () => {
    const { open } = await host({ config: ['ForceCommand echo This account has no shell; exit 1'] });
    await expect(open().exec({ script: 'true' })).rejects.toMatchObject({
      code: 'host.shell_unusable',
      message: expect.stringContaining('This account has no shell'),
    });
  });

  it('survives start-up files that print, wait and fail', async () => {
    const { sshd, open } = await host();
    writeFileSync(join(sshd.home, '.bashrc'), 'echo noise; echo more >&2; false\n');
    writeFileSync(
      join(sshd.home, '.profile'),
      'set -x; echo noise; echo more >&2; read -r x; export FROM_PROFILE=yes; set +x; false\n',
    );
    const result = await open().exec({ script: 'echo "$FROM_PROFILE"' });
    expect([text(result.stdout), text(result.stderr)]).toEqual(['yes\n', '']);
  });
});

describe('processes', () => {
  it('leaves none after close', async () => {
    const { sshd, open } = await host();
    const runtime = open();
    await runtime.exec({ script: 'true' });
    expect(processesWith(sshd.sshConfigPath).length).toBeGreaterThan(0);
    await runtime.close();
    expect(processesWith(sshd.sshConfigPath)).toEqual([]);
  });

  it('leaves none after its owner is killed', async () => {
    const { sshd } = await host();
    const runtimePath = fileURLToPath(new URL('./runtime.ts', import.meta.url));
    const program = `const { createSshRuntime } = await import(${JSON.stringify(runtimePath)});
      const runtime = createSshRuntime({ hostId: ${JSON.stringify(sshd.alias)}, sshConfigPath: ${JSON.stringify(sshd.sshConfigPath)} });
      await runtime.exec({ script: 'true' });
      console.log('connected');`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    closers.unshift(async () => void owner.kill('SIGKILL'));
    await new Promise<void>((resolve) => owner.stdout.once('data', () => resolve()));
    expect(processesWith(sshd.sshConfigPath, ' -N ').length).toBe(1);
    owner.kill('SIGKILL');
    await until(() => processesWith(sshd.sshConfigPath).length === 0);
  });

  it('never has a value of env in an argument list', async () => {
    const { open } = await host();
    const runtime = open();
    const canary = `canary${Math.random().toString(36).slice(2)}${'x'.repeat(20)}`;
    const seen: string[] = [];
    const result = await runtime.exec(
      { script: 'echo ready; sleep 0.3; printf %s "$CANARY"' },
      { env: { CANARY: canary }, onStdout: (bytes) => void seen.push(text(bytes), allArgumentLists()) },
    );
    expect(result.outcome).toEqual({ kind: 'exited', code: 0 });
    const printed = seen.filter((_, index) => index % 2 === 0).join('');
    expect(printed).toBe(`ready\n${canary}`);
    expect(seen.filter((_, index) => index % 2 === 1).join('')).not.toContain(canary);
  });
});

// A small file system takes root to mount: for an ordinary user there is no such test.
const describeAsRoot = process.getuid?.() === 0 ? describe : undefined;
describeAsRoot?.('errors of files', () => {
  it('tells a full disk', async () => {
    const { open } = await host();
    const runtime = open();
    const mounted = await runtime.exec({
      script: 'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && printf %s "$d"',
    });
    const directory = text(mounted.stdout);
    closers.unshift(
      async () => void (await runtime.exec({ script: `umount ${directory}; rmdir ${directory}` })),
    );
    await expect(runtime.files.write(`${directory}/big`, Buffer.alloc(200_000))).rejects.toMatchObject({
      code: 'disk.full',
    });
    expect(await runtime.files.list(directory)).toEqual([]);
    await runtime.exec({ script: `mount -o remount,ro ${directory}` });
    await expect(runtime.files.write(`${directory}/small`, Buffer.from('x'))).rejects.toMatchObject({
      code: 'file.read_only',
    });
  });
});

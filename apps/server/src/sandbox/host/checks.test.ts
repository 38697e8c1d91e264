import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wrapRuntime } from '../../runtimes/wrapped-runtime.ts';
import { openHost, type SandboxHost } from '../testing/hosts.ts';
import { BY_PERSON, placeAt, ran, ranAsJob, sandboxesOf } from '../testing/sandbox-bench.ts';

describe('whether sandboxes work on a host', { timeout: 30_000 }, () => {
  let host: SandboxHost;
  let bin: string;

  beforeAll(async () => {
    host = await openHost('this machine');
    // All programs of the machine but bubblewrap.
    bin = join(host.home, 'all');
    mkdirSync(bin);
    for (const name of readdirSync('/usr/bin'))
      if (name !== 'bwrap') symlinkSync(join('/usr/bin', name), join(bin, name));
  });
  afterAll(() => host.close());

  /** The machine, but what is asked of it begins with these lines. */
  const beginning = (lines: string): Runtime =>
    wrapRuntime(host.runtime, {
      exec: (command, options) =>
        host.runtime.exec(
          'script' in command && command.script.includes('command -v bwrap')
            ? { script: `${lines}\n${command.script}` }
            : command,
          options,
        ),
    });
  /** With a bubblewrap of its own in the place of the true one. */
  const withBwrap = (text: string): Runtime => {
    const path = join(bin, 'bwrap');
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return beginning(`PATH=${bin}; export PATH`);
  };
  const check = (runtime: Runtime, profile = 'workspace', toml = '') =>
    sandboxesOf(runtime, () => profile, toml).check(runtime.hostId, profile);

  it('is true where they do', async () => {
    expect(await check(host.runtime)).toMatchObject({ works: true, reason: null, fix: null });
    expect((await check(host.runtime)).message).toMatch(/^Sandboxes work here, by bubblewrap \d/);
  });

  it('tells that bubblewrap is missing, and how it is installed', async () => {
    rmSync(join(bin, 'bwrap'), { force: true });
    const runtime = beginning(`PATH=${bin}; export PATH`);
    const found = await check(runtime);
    expect(found).toMatchObject({ works: false, reason: 'missing', version: null });
    expect(found.fix).toContain('or choose the profile “none”');
  });

  it('tries again where a file of the host was replaced at that moment, but not for ever', async () => {
    const said =
      'bwrap: Unable to remount destination /newroot/etc/shadow with correct flags: Invalid argument';
    const once = join(host.home, 'once');
    writeFileSync(once, '');
    const fails = `case "$*" in *farhand-command*) echo "${said}" >&2; exit 1 ;; esac`;
    const first = `[ -e '${once}' ] && case "$*" in *farhand-command*) rm '${once}'; echo "${said}" >&2; exit 1 ;; esac`;
    expect(await check(withBwrap(`${first}\nexec /usr/bin/bwrap "$@"`))).toMatchObject({ works: true });
    expect(existsSync(once)).toBe(false);
    expect(await check(withBwrap(`${fails}\nexec /usr/bin/bwrap "$@"`))).toMatchObject({ works: false });
  });

  it('tells that user namespaces are switched off, on a kernel that says so', async () => {
    // In a user namespace of its own the limit counts for nobody else.
    const runtime = wrapRuntime(host.runtime, {
      exec: (command, options) =>
        host.runtime.exec(
          'script' in command
            ? {
                argv: [
                  'unshare',
                  '-Ur',
                  'sh',
                  '-c',
                  'echo 0 >/proc/sys/user/max_user_namespaces || exit 9; eval "$1"',
                  'sh',
                  command.script,
                ],
              }
            : command,
          options,
        ),
    });
    const found = await check(runtime);
    expect(found).toMatchObject({ works: false, reason: 'user_namespaces_off' });
    expect(found.command).toContain('user.max_user_namespaces=15000');
  });

  it.each([
    ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", /./],
    ['bwrap: setting up uid map: Permission denied', /./],
    ['bwrap: Unknown option --ro-bind-try', /too old/],
  ])('reads what bubblewrap says: %s', async (text, message) => {
    const runtime = withBwrap(
      `case $1 in --version) echo bubblewrap 0.8.0 ;; *) echo "${text}" >&2; exit 1 ;; esac`,
    );
    const found = await check(runtime);
    expect(found.works).toBe(false);
    expect(found.message).toMatch(message);
  });

  it('does not believe a bubblewrap that does nothing', async () => {
    expect(await check(withBwrap('exit 0'))).toMatchObject({ works: false, reason: 'unknown' });
  });

  it('starts nothing where it is false, and says what to do', async () => {
    const runtime = withBwrap('echo "bwrap: setting up uid map: Permission denied" >&2; exit 1');
    const inside = sandboxesOf(runtime, () => 'workspace').layer(runtime, placeAt(host.workspace), BY_PERSON);
    const refused = { code: 'sandbox.unavailable' };
    await expect(inside.exec({ script: 'touch ran' }, { cwd: host.workspace })).rejects.toMatchObject(
      refused,
    );
    await expect(ranAsJob(inside, 'touch ran', { cwd: host.workspace })).rejects.toMatchObject(refused);
    await expect(inside.files.read(`${host.workspace}/file`)).rejects.toMatchObject(refused);
    await expect(inside.files.write(`${host.workspace}/ran`, new Uint8Array(1))).rejects.toMatchObject(
      refused,
    );
    expect(readdirSync(host.workspace)).toEqual(['file']);
    const error: unknown = await inside.exec({ script: ':' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      hint: expect.stringMatching(/or choose the profile “none”.* Or run this session without the sandbox/),
    });
  });

  it('lets Farhand’s own looks go on outside, where nothing can have run inside', async () => {
    const runtime = withBwrap('echo "bwrap: setting up uid map: Permission denied" >&2; exit 1');
    const sandboxes = sandboxesOf(runtime, () => 'workspace');
    const place = placeAt(host.workspace);
    for (const eye of [
      sandboxes.lookFrom(runtime, place),
      sandboxes.layer(runtime, place, { ...BY_PERSON, isOurs: true }),
    ])
      expect((await ran(eye, { script: 'echo seen' })).out).toBe('seen\n');
  });

  // A job that takes all processes of its account would let the next look at its repository out.
  it.each([
    'Creating new namespace failed: Resource temporarily unavailable',
    'Creating new namespace failed: No space left on device',
    "Can't fork for pid 1: Cannot allocate memory",
  ])('lets none of its own looks out where a job can bring it about: %s', async (said) => {
    const runtime = withBwrap(
      `case $1 in --version) echo bubblewrap 0.8.0 ;; *) echo "bwrap: ${said}" >&2; exit 1 ;; esac`,
    );
    const eye = sandboxesOf(runtime, () => 'workspace').lookFrom(runtime, placeAt(host.workspace));
    await expect(ran(eye, { script: 'echo seen' })).rejects.toMatchObject({ code: 'sandbox.unavailable' });
  });

  it('lets none of its own looks out of a host where sandboxes worked before', async () => {
    const runtime = withBwrap('exec /usr/bin/bwrap "$@"');
    const sandboxes = sandboxesOf(runtime, () => 'workspace');
    const eye = sandboxes.lookFrom(runtime, placeAt(host.workspace));
    expect((await ran(eye, { script: 'echo seen' })).out).toBe('seen\n');
    writeFileSync(
      join(bin, 'bwrap'),
      '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2; exit 1\n',
    );
    // The next connection asks the host anew, as this does.
    await sandboxes.check(runtime.hostId, 'workspace');
    await expect(ran(eye, { script: 'echo seen' })).rejects.toMatchObject({ code: 'sandbox.unavailable' });
  });

  it('is asked again once it was mended', async () => {
    const runtime = withBwrap('echo "bwrap: setting up uid map: Permission denied" >&2; exit 1');
    const inside = sandboxesOf(runtime, () => 'workspace').layer(runtime, placeAt(host.workspace), BY_PERSON);
    await expect(inside.exec({ script: ':' })).rejects.toMatchObject({ code: 'sandbox.unavailable' });
    rmSync(join(bin, 'bwrap'));
    symlinkSync('/usr/bin/bwrap', join(bin, 'bwrap'));
    expect((await ran(inside, { script: 'echo ok' })).out).toBe('ok\n');
    rmSync(join(bin, 'bwrap'));
  });

  it.each(['gone', 'broken'])('starts nothing under a profile that is %s', async (name) => {
    const toml = '[sandbox.profiles.broken]\nnetwork = 3';
    const inside = sandboxesOf(host.runtime, () => name, toml).layer(
      host.runtime,
      placeAt(host.workspace),
      BY_PERSON,
    );
    await expect(inside.exec({ script: 'touch ran' }, { cwd: host.workspace })).rejects.toMatchObject({
      code: name === 'gone' ? 'sandbox.profile_not_found' : 'sandbox.profile_invalid',
    });
    expect(readdirSync(host.workspace)).toEqual(['file']);
  });

  it('shows none of the files that the host’s shell has open', async () => {
    const opened = wrapRuntime(host.runtime, {
      exec: (command, options) =>
        host.runtime.exec(
          'script' in command
            ? { argv: ['bash', '-c', 'exec 50<"$1" 8<"$1"; eval "$2"', 'bash', host.home, command.script] }
            : command,
          options,
        ),
    });
    const script = 'ls /proc/self/fd/50/ /proc/self/fd/8/ 2>/dev/null; echo done';
    expect((await ran(opened, { script })).out).toContain('notes.txt');
    const inside = sandboxesOf(opened, () => 'workspace').layer(opened, placeAt(host.workspace), BY_PERSON);
    expect(await ran(inside, { script })).toMatchObject({ code: 0, out: 'done\n', err: '' });
  });

  it('closes them by the shell itself where that can, as on hosts without perl', async () => {
    const hides = 'command() { [ "$2" != perl ] && builtin command "$@"; }; exec 50<"$1"; eval "$2"';
    const opened = wrapRuntime(host.runtime, {
      exec: (command, options) =>
        host.runtime.exec(
          'script' in command ? { argv: ['bash', '-c', hides, 'bash', host.home, command.script] } : command,
          options,
        ),
    });
    const inside = sandboxesOf(opened, () => 'workspace').layer(opened, placeAt(host.workspace), BY_PERSON);
    const script = 'ls /proc/self/fd/50/ 2>/dev/null; echo done';
    expect(await ran(inside, { script })).toMatchObject({ code: 0, out: 'done\n', err: '' });
  });

  it('says nothing of a locale that the host does not have', async () => {
    const login = `LC_ALL=xx_YY.UTF-8; export LC_ALL\n`;
    const asked = "grep -q ' keyring *_ses' /proc/keys 2>/dev/null &&";
    const far = wrapRuntime(host.runtime, {
      exec: (command, options) =>
        host.runtime.exec(
          // As with a keyring of the login's.
          'script' in command ? { script: login + command.script.replace(asked, '') } : command,
          options,
        ),
    });
    const inside = sandboxesOf(far, () => 'workspace').layer(far, placeAt(host.workspace), BY_PERSON);
    const result = await ran(inside, { script: 'echo "$LC_ALL ${PERL_BADLANG-none}"; perl -e 1' });
    expect(result.out).toBe('xx_YY.UTF-8 none\n');
    // Only what it runs itself may complain.
    expect(result.err.split('Setting locale failed')).toHaveLength(2);
  });

  it('shows no key of the login’s keyring', async () => {
    const number = process.arch === 'arm64' ? { keyctl: 219, add: 217 } : { keyctl: 250, add: 248 };
    const login = `my $none = 0; syscall(${number.keyctl}, 1, $none); my ($type, $name, $key) = ("user", "farhand-key", "TICKET");
      syscall(${number.add}, $type, $name, $key, length $key, -3); exec @ARGV`;
    const withKey = wrapRuntime(host.runtime, {
      exec: (command, options) =>
        host.runtime.exec(
          'script' in command ? { argv: ['perl', '-e', login, 'sh', '-c', command.script] } : command,
          options,
        ),
    });
    const script = `perl -e 'my ($type, $name, $key) = ("user", "farhand-key", "-" x 6);
      my $id = syscall(${number.keyctl}, 10, -3, $type, $name, 0); syscall(${number.keyctl}, 11, $id, $key, 6); print "$key\n"'`;
    expect((await ran(withKey, { script })).out).toBe('TICKET\n');
    const inside = sandboxesOf(withKey, () => 'workspace').layer(withKey, placeAt(host.workspace), BY_PERSON);
    expect((await ran(inside, { script })).out).toBe('------\n');
  });

  it('asks a host twice for the first command, and not again', async () => {
    let asked = 0;
    const counted = wrapRuntime(host.runtime, {
      exec: (command, options) => {
        asked += 1;
        return host.runtime.exec(command, options);
      },
    });
    const inside = sandboxesOf(counted, () => 'workspace').layer(counted, placeAt(host.workspace), BY_PERSON);
    await ran(inside, { script: ':' });
    expect(asked).toBe(3);
    await ran(inside, { script: ':' });
    expect(asked).toBe(4);
  });

  describe('limits', () => {
    const under = (runtime: Runtime, toml: string) =>
      sandboxesOf(runtime, () => 'small', `[sandbox.profiles.small]\n${toml}`).layer(
        runtime,
        placeAt(host.workspace),
        BY_PERSON,
      );

    it('of memory and time are kept by ulimit where there is no systemd', async () => {
      const inside = under(host.runtime, 'memory = "256M"\ncpu_seconds = 1');
      const big = await ran(inside, { argv: ['perl', '-e', 'my $x = "a" x 600_000_000; print "GOT"'] });
      expect(big.out).toBe('');
      expect(big.code).not.toBe(0);
      const long = await ran(inside, { argv: ['perl', '-e', '1 while 1'] }, { timeoutMs: 20_000 });
      expect(long.code).not.toBe(0);
      expect(long.code).not.toBe('timed_out');
    });

    it('that nothing can keep are an error, not a wish', async () => {
      await expect(ran(under(host.runtime, 'cpu = 0.5'), { script: ':' })).rejects.toMatchObject({
        code: 'sandbox.unavailable',
        message: expect.stringContaining('limit “cpu”'),
      });
    });

    it('are given to systemd where it takes scopes', async () => {
      const log = join(host.home, 'scopes');
      rmSync(join(bin, 'bwrap'), { force: true });
      symlinkSync('/usr/bin/bwrap', join(bin, 'bwrap'));
      rmSync(join(bin, 'systemd-run'), { force: true });
      writeFileSync(
        join(bin, 'systemd-run'),
        `#!/bin/sh\nprintf '%s ' "$XDG_RUNTIME_DIR" "$@" >>'${log}'\nwhile [ "$1" != -- ] && [ "$1" != true ]; do shift; done\n[ "$1" = true ] || shift\nexec "$@"\n`,
        { mode: 0o755 },
      );
      const runtime = wrapRuntime(host.runtime, {
        exec: (command, options) =>
          host.runtime.exec(
            'script' in command
              ? {
                  script: `PATH=${bin}:$PATH XDG_RUNTIME_DIR=/run/user/1; export PATH XDG_RUNTIME_DIR\n${command.script}`,
                }
              : command,
            options,
          ),
      });
      const toml = 'memory = "512M"\nprocesses = 64\ncpu = 1.5';
      const result = await ran(under(runtime, toml), {
        script: 'echo limited; ulimit -v; echo "${XDG_RUNTIME_DIR-none}"',
      });
      expect(result.out).toBe('limited\nunlimited\nnone\n');
      // Its own bus is what it speaks to.
      expect(readFileSync(log, 'utf8')).toMatch(/^(\/run\/user\/1 [^/]*)+\/run\/user\/1 .*TasksMax=64/);
      expect(readFileSync(log, 'utf8')).toContain(
        '-p MemoryMax=536870912 -p MemorySwapMax=0 -p TasksMax=64 -p CPUQuota=150% -- ',
      );
    });
  });
});

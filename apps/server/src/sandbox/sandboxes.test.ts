import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOST_KINDS, openHost, type SandboxHost } from './testing/hosts.ts';
import { allArguments, BY_PERSON, placeAt, ran, ranAsJob, sandboxesOf } from './testing/sandbox-bench.ts';

describe.each(HOST_KINDS)('sandboxes on %s', { timeout: 60_000 }, (kind) => {
  let host: SandboxHost;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    host = await openHost(kind);
    server = createServer((connection) => connection.on('error', () => {}).end('HELLO\n'));
    port = await new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  }, 60_000);
  afterAll(async () => {
    server.close();
    await host.close();
  });

  const under = (profile: string, toml = '', secrets?: () => readonly string[]): Runtime =>
    sandboxesOf(host.runtime, () => profile, toml, secrets).layer(
      host.runtime,
      placeAt(host.workspace),
      BY_PERSON,
    );
  const run = (profile: string, script: string, toml = '') =>
    ran(under(profile, toml), { script }, { cwd: host.workspace });

  describe('profiles', () => {
    const WRITE = 'echo x >made && echo WROTE; rm -f made';
    const CONNECT = () =>
      `perl -MSocket -e 'socket(my $s, PF_INET, SOCK_STREAM, 0); connect($s, sockaddr_in(${port}, inet_aton("127.0.0.1"))) and print "CONNECTED\\n"'`;

    it.each([
      ['workspace', 'WROTE', 'CONNECTED'],
      ['offline', 'WROTE', ''],
      ['readonly', '', 'CONNECTED'],
      ['diagnostics', '', 'CONNECTED'],
      ['none', 'WROTE', 'CONNECTED'],
    ])('%s writes in the workspace and reaches the network as it says', async (profile, wrote, connected) => {
      expect((await run(profile, WRITE)).out.trim()).toBe(wrote);
      expect((await run(profile, CONNECT())).out.trim()).toBe(connected);
    });

    it.each(['workspace', 'offline', 'readonly', 'diagnostics'])(
      '%s hides the home folder',
      async (profile) => {
        const { out } = await run(
          profile,
          'cat ~/.ssh/id_ed25519 ~/notes.txt; cat file; git config user.name',
        );
        expect(out).toBe('MINEAda\n');
      },
    );

    it('diagnostics alone reads the system’s logs', async () => {
      expect((await run('diagnostics', '[ -d /var/log ] && ls /var/log | wc -l')).out.trim()).not.toBe('0');
      expect((await run('readonly', 'ls /var/log')).code).not.toBe(0);
    });

    it('keeps /tmp and caches of a workspace from job to job, and from other workspaces', async () => {
      const home = await openHost('this machine');
      try {
        const roots = join('/var/tmp', `farhand-sandbox-${process.pid}`);
        mkdirSync(roots, { recursive: true });
        const place = placeAt(roots);
        const layer = sandboxesOf(home.runtime, () => 'workspace').layer(home.runtime, place, BY_PERSON);
        await ran(layer, { script: 'mkdir -p ~/.cache && echo kept >~/.cache/x' }, { cwd: roots });
        expect((await ran(layer, { script: 'cat ~/.cache/x' }, { cwd: roots })).out).toBe('kept\n');
        const other = sandboxesOf(home.runtime, () => 'workspace').layer(
          home.runtime,
          placeAt(roots),
          BY_PERSON,
        );
        expect((await ran(other, { script: 'cat ~/.cache/x' }, { cwd: roots })).code).not.toBe(0);
        expect(existsSync(join(home.home, '.cache/x'))).toBe(false);
      } finally {
        await home.close();
        rmSync(join('/var/tmp', `farhand-sandbox-${process.pid}`), { recursive: true, force: true });
      }
    });

    it('shows what an own profile names, and hides what it says', async () => {
      const toml = `[sandbox.profiles.mine]
read = ["~/notes.txt"]
write = ["~/out"]
hide = ["~/.gitconfig"]
environment = { COLOR = "it's \\"red\\"" }`;
      mkdirSync(join(host.home, 'out'), { recursive: true, mode: 0o777 });
      if (process.getuid?.() === 0) await ran(host.runtime, { script: 'true' });
      const { out } = await run('mine', 'cat ~/notes.txt; cat ~/.gitconfig; echo; echo "$COLOR"', toml);
      expect(out).toBe('PRIVATE-NOTES\nit\'s "red"\n');
    });

    it('refuses to mount by a link that a job has left in what it writes', async () => {
      const toml = `[sandbox.profiles.mine]\nhide = ["${host.workspace}/env"]`;
      await ran(host.runtime, { script: `cd ${host.workspace} && ln -s ../other/file env` });
      const { code, err } = await run('mine', 'cat env', toml);
      await ran(host.runtime, { script: `rm ${host.workspace}/env` });
      expect(code).toBe(126);
      expect(err).toContain('farhand: sandbox:');
    });

    it('hides a file of the workspace where a profile says so', async () => {
      await ran(host.runtime, { script: `cd ${host.workspace} && echo HIDDEN >env` });
      const { out } = await run(
        'mine',
        'cat env',
        `[sandbox.profiles.mine]\nhide = ["${host.workspace}/env"]`,
      );
      await ran(host.runtime, { script: `rm ${host.workspace}/env` });
      expect(out).toBe('');
    });

    it('reads the secrets of this workspace that are files, and writes none', async () => {
      const folder = join(host.home, '.farhand/secrets/mine');
      await ran(host.runtime, { script: `mkdir -p ${folder} && echo VALUE >${folder}/KEY` });
      const inside = under('workspace', '', () => [folder]);
      const { out } = await ran(inside, {
        script: `cat ${folder}/KEY; echo x >${folder}/KEY || echo REFUSED; ls ${folder}/..`,
      });
      expect(out).toBe('VALUE\nREFUSED\nmine\n');
    });
  });

  describe('jobs', () => {
    it('tell their output, their exit and what killed them', async () => {
      const inside = under('workspace');
      const at = { cwd: host.workspace };
      expect(await ranAsJob(inside, 'echo out; echo err >&2; exit 7', at)).toEqual({
        code: 7,
        out: 'out\n',
        err: 'err\n',
      });
      expect((await ranAsJob(inside, 'kill -s KILL $$', at)).code).toContain('SIGKILL');
      expect((await ranAsJob(inside, 'kill -s TERM $$', at)).code).toContain('SIGTERM');
    });

    it('get the variables of their caller inside, and no program of the sandbox gets them outside', async () => {
      const bin = join(host.workspace, 'bin');
      await ran(host.runtime, {
        script: `mkdir -p ${bin} && for n in bwrap env sh readlink mkdir; do printf '#!/bin/sh\\ntouch ${host.home}/taken\\nexec /usr/bin/%s "$@"\\n' $n >${bin}/$n; chmod +x ${bin}/$n; done`,
      });
      const env = {
        PATH: `${bin}:/usr/bin:/bin`,
        LD_PRELOAD: `${bin}/x.so`,
        A: 'a "b" $c\nd',
        ENV: `${bin}/sh`,
      };
      const { out } = await ranAsJob(
        under('workspace'),
        'printf "%s|%s|" "$A" "$PATH"; env | grep -c FARHAND_',
        { cwd: host.workspace, env },
      );
      expect(out).toBe(`${env.A}|${env.PATH}|0\n`);
      expect(existsSync(join(host.home, 'taken'))).toBe(false);
    });

    it('show neither their text nor a value to others on the host', async () => {
      const inside = under('workspace');
      const id = newId('job');
      await inside.jobs.start({
        id,
        command: { script: ': TEXT_CANARY; echo ready; sleep 1000 & wait' },
        cwd: host.workspace,
        env: { SECRET: 'VALUE_CANARY' },
      });
      await untilOutput(inside, id, 'ready');
      const seen = allArguments();
      await inside.jobs.remove(id);
      expect(seen).toContain('bwrap');
      expect(seen).not.toMatch(/TEXT_CANARY|VALUE_CANARY/);
    });

    it('outlive the connection that started them', async () => {
      const inside = under('workspace');
      const id = newId('job');
      const script = 'echo begun; while [ ! -e go ]; do sleep 0.05; done; echo done';
      await inside.jobs.start({ id, command: { script }, cwd: host.workspace });
      await untilOutput(inside, id, 'begun');
      host.breakConnections();
      await untilConnected(host.runtime);
      await ran(host.runtime, { script: `touch ${host.workspace}/go` });
      await untilOutput(inside, id, 'done');
      await ran(host.runtime, { script: `rm ${host.workspace}/go` });
      await inside.jobs.remove(id);
    });

    it('end with all that they started, in whatever session it is', async () => {
      const inside = under('workspace');
      const id = newId('job');
      const mark = `99${Date.now() % 100_000}.5`;
      const script = `setsid sleep ${mark} & (setsid sh -c 'trap "" TERM HUP; sleep ${mark}; :' &) ; echo begun; trap '' TERM; sleep ${mark}; wait`;
      await inside.jobs.start({ id, command: { script }, cwd: host.workspace });
      await untilOutput(inside, id, 'begun');
      expect(allArguments()).toContain(`sleep ${mark}`);
      await inside.jobs.stop(id, { graceMs: 200 });
      await inside.jobs.remove(id);
      expect(allArguments()).not.toContain(`sleep ${mark}`);
    });

    it('may end in their own way when they are told to', async () => {
      const inside = under('workspace');
      const id = newId('job');
      const script = `trap 'echo tidy; exit 5' TERM; echo begun; while :; do sleep 0.05; done`;
      await inside.jobs.start({ id, command: { script }, cwd: host.workspace });
      await untilOutput(inside, id, 'begun');
      const exit = await inside.jobs.stop(id, { graceMs: 5000 });
      expect(exit).toEqual({ kind: 'exited', code: 5 });
      const { bytes } = await inside.jobs.read(id, 'out', 0);
      await inside.jobs.remove(id);
      expect(new TextDecoder().decode(bytes)).toBe('begun\ntidy\n');
    });

    it('have terminals with a size, job control and Ctrl-C', async () => {
      const inside = under('workspace');
      const id = newId('job');
      await inside.jobs.start({
        id,
        command: { script: 'exec bash --norc --noprofile -i' },
        cwd: host.workspace,
        terminal: { rows: 31, cols: 97 },
      });
      let sent = 0;
      const type = async (text: string) => {
        const bytes = new TextEncoder().encode(text);
        await inside.jobs.write(id, sent, bytes);
        sent += bytes.length;
      };
      await type('stty size; echo A$((1+1))\r');
      await untilOutput(inside, id, '31 97', 'A2');
      await type("sh -c 'echo U$((5+5)); exec sleep 1000'\r");
      await untilOutput(inside, id, 'U10');
      await type('\u0003');
      await type('echo B$((2+2))-$?\r');
      await untilOutput(inside, id, 'B4-130');
      await type('sleep 1000 &\rjobs\rkill %1; fg; echo C$((3+3))\r');
      await untilOutput(inside, id, 'Running', 'C6');
      await inside.jobs.resize(id, 40, 120);
      await type('stty size\r');
      await untilOutput(inside, id, '40 120');
      await type('exit 9\r');
      const exit = await inside.jobs.attach(id, { onOutput: () => {} });
      await inside.jobs.remove(id);
      expect(exit).toEqual({ kind: 'exited', code: 9 });
    });
  });

  describe('files', () => {
    const text = async (inside: Runtime, path: string) =>
      new TextDecoder().decode(await inside.files.read(path));
    const code = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: { code?: string }) => error.code ?? String(error),
      );

    it('are those that a job sees', async () => {
      const { files } = under('workspace');
      const inside = under('workspace');
      const at = (name: string) => `${host.workspace}/${name}`;
      await files.write(at('deep/er/a b'), new TextEncoder().encode('one'), { mode: 0o640 });
      expect(await text(inside, at('deep/er/a b'))).toBe('one');
      expect(await files.stat(at('deep/er/a b'))).toMatchObject({ kind: 'file', sizeBytes: 3, mode: 0o640 });
      await files.write(at('deep/er/a b'), new TextEncoder().encode('two!'));
      expect(await files.stat(at('deep/er/a b'))).toMatchObject({ sizeBytes: 4, mode: 0o640 });
      expect(new TextDecoder().decode(await files.read(at('deep/er/a b'), { offset: 1, limit: 2 }))).toBe(
        'wo',
      );
      expect((await files.list(at('deep'))).map(({ name, kind: what }) => [name, what])).toEqual([
        ['er', 'directory'],
      ]);
      expect(await files.realpath(at('deep/../deep/none/x'))).toBe(at('deep/none/x'));
      await files.remove(at('deep'), { recursive: true });
      expect(await code(files.stat(at('deep')))).toBe('file.not_found');
      expect(await code(files.read(host.workspace))).toBe('file.is_directory');
      expect(await code(files.list(at('file')))).toBe('file.not_directory');
      expect(await code(files.remove(at('nothing')))).toBe('done');
    });

    it.each(['.ssh/id_ed25519', 'notes.txt', '.farhand/workspaces/other/file', 'nothing-there'])(
      'hide %s of the home folder',
      async (name) => {
        const { files } = under('workspace');
        const path = `${host.home}/${name}`;
        expect(await code(files.read(path))).toBe('sandbox.refused');
        expect(await code(files.stat(path))).toBe('sandbox.refused');
        expect(await code(files.write(path, new Uint8Array(1)))).toBe('sandbox.refused');
        expect(await code(files.remove(path))).toBe('sandbox.refused');
      },
    );

    it('do not follow a link out, neither to read nor to write', async () => {
      const { files } = under('workspace');
      await ran(host.runtime, {
        script: `cd ${host.workspace} && ln -s ../other away && ln -s ${host.home}/.ssh/id_ed25519 key && ln -s ${host.home}/new new`,
      });
      expect(await code(files.read(`${host.workspace}/key`))).toBe('sandbox.refused');
      expect(await code(files.read(`${host.workspace}/away/file`))).toBe('sandbox.refused');
      expect(await code(files.list(`${host.workspace}/away`))).toBe('sandbox.refused');
      await code(files.write(`${host.workspace}/away/made`, new Uint8Array(1)));
      await code(files.write(`${host.workspace}/new`, new Uint8Array(1)));
      await ran(host.runtime, { script: `cd ${host.workspace} && rm -f away key new` });
      expect(existsSync(join(host.home, 'new'))).toBe(false);
      expect(existsSync(join(host.home, '.farhand/workspaces/other/made'))).toBe(false);
    });

    it('are not written under “readonly”', async () => {
      const { files } = under('readonly');
      expect(await code(files.write(`${host.workspace}/x`, new Uint8Array(1)))).toBe('sandbox.refused');
      expect(await code(files.remove(`${host.workspace}/file`))).toBe('sandbox.refused');
      expect(readFileSync(join(host.workspace, 'file'), 'utf8')).toBe('MINE');
    });

    it('never become half of what was to be written', async () => {
      const { files } = under('workspace');
      const abort = new AbortController();
      const path = `${host.workspace}/large`;
      await files.write(path, new TextEncoder().encode('whole'));
      const big = new Uint8Array(3_000_000).fill(120);
      await files.write(path, big);
      expect((await files.read(path)).length).toBe(big.length);
      abort.abort();
      await files.remove(path);
    });

    it.each([
      'with space',
      "it's",
      'a"b',
      'new\nline',
      '$(touch x)',
      '-rf',
      '*',
      '\\',
      'é漢',
      ' lead',
      'tab\tx',
      '`id`',
      '~',
      '#x',
      ';',
      '%s%n',
    ])('take a file called %j', async (name) => {
      const { files } = under('workspace');
      const path = `${host.workspace}/odd/${name}/${name}`;
      await files.write(path, new TextEncoder().encode(name));
      expect(await text(under('workspace'), path)).toBe(name);
      expect((await files.list(`${host.workspace}/odd`)).map((entry) => entry.name)).toEqual([name]);
      expect(await files.realpath(path)).toBe(path);
      await files.remove(`${host.workspace}/odd`, { recursive: true });
    });

    it.each(['a b', "it's", 'new\nline', '$HOME', '-x', '漢'])(
      'work in a workspace called %j',
      async (name) => {
        const directory = join(host.workspace, '..', `odd ${name}`);
        await host.runtime.files.write(`${directory}/file`, new TextEncoder().encode('HERE'));
        const inside = sandboxesOf(host.runtime, () => 'workspace').layer(
          host.runtime,
          placeAt(directory),
          BY_PERSON,
        );
        expect((await ranAsJob(inside, 'cat file; pwd; cat ../mine/file', { cwd: directory })).out).toBe(
          `HERE${directory}\n`,
        );
        await host.runtime.files.remove(directory, { recursive: true });
      },
    );
  });

  it('runs a name that is no program as one that is not found', async () => {
    const inside = under('workspace');
    await expect(inside.exec({ argv: ['no-such-program'] })).rejects.toMatchObject({
      code: 'command.not_found',
    });
    await expect(inside.exec({ argv: ['no-such-program'] }, { onStderr: () => {} })).rejects.toMatchObject({
      code: 'command.not_found',
    });
  });

  it('refuses to start in a folder that is hidden', async () => {
    await expect(under('workspace').exec({ script: 'pwd' }, { cwd: '/srv' })).rejects.toMatchObject({
      code: 'sandbox.refused',
    });
  });

  it('lets one command ask for less than the workspace allows, and not for more', async () => {
    const sandboxes = sandboxesOf(host.runtime, () => 'workspace');
    const wishing = (profile: string) =>
      sandboxes.layer(host.runtime, placeAt(host.workspace), { ...BY_PERSON, profile });
    const script = 'cat file; echo x >made && echo WROTE';
    expect((await ran(wishing('readonly'), { script }, { cwd: host.workspace })).out).toBe('MINE');
    for (const profile of ['none', 'diagnostics'])
      await expect(ran(wishing(profile), { script }, { cwd: host.workspace })).rejects.toMatchObject({
        code: 'sandbox.refused',
      });
  });

  it('wraps what belongs to no workspace, without the home folder though that is worked in', async () => {
    const sandboxes = sandboxesOf(host.runtime, () => 'none');
    const inside = sandboxes.wrap(host.runtime, { profile: 'readonly', directory: host.home });
    const { out } = await ran(inside, { script: 'ls -A; cat .ssh/id_ed25519 notes.txt' }, { cwd: host.home });
    expect(out).not.toMatch(/notes|PRIVATE/);
    writeFileSync(join(host.workspace, 'x'), '');
  });
});

async function untilOutput(runtime: Runtime, id: Parameters<Runtime['jobs']['get']>[0], ...texts: string[]) {
  const found = new AbortController();
  let all = '';
  await runtime.jobs.attach(id, {
    signal: found.signal,
    onOutput(_stream, _offset, bytes) {
      all += new TextDecoder().decode(bytes);
      if (texts.every((text) => all.includes(text))) found.abort();
    },
  });
  expect(found.signal.aborted, all).toBe(true);
}

function untilConnected(runtime: Runtime): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      runtime.exec({ script: ':' }).then(
        () => resolve(),
        () => setImmediate(look),
      );
    };
    look();
  });
}

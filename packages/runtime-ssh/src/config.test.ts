import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostId } from '@farhand/shared/model/hosts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { destinationArguments, masterArguments, resolve } from './config.ts';

let base = '';
let sshConfigPath = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'fh-'));
  sshConfigPath = join(base, 'config');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const target = (hostId: string) => ({ hostId: hostId as HostId, sshConfigPath });

describe('resolve', () => {
  it('gives what ssh makes of an alias', async () => {
    writeFileSync(
      sshConfigPath,
      'Host box\n  HostName 10.1.2.3\n  Port 2222\n  User me\n  ConnectTimeout 7\n  IdentityFile ~/.ssh/special\n',
    );
    const resolved = await resolve(target('box'));
    expect(resolved).toMatchObject({
      hostname: '10.1.2.3',
      port: 2222,
      user: 'me',
      connectTimeoutSeconds: 7,
      identityFiles: ['~/.ssh/special'],
    });
  });

  it('takes port, user and key of a record before its configuration, and the host of the record for the name', async () => {
    writeFileSync(
      sshConfigPath,
      'Host box\n  HostName 10.1.2.3\n  Port 2222\n  User me\n  IdentityFile ~/.ssh/a\n',
    );
    const destination = { host: 'box', port: 2200, user: 'ada', identityFile: '~/.ssh/b' };
    const resolved = await resolve({ ...target('prod'), destination });
    expect(resolved).toMatchObject({ hostname: '10.1.2.3', port: 2200, user: 'ada' });
    expect(resolved.identityFiles[0]).toMatch(/\.ssh\/b$/);
    expect(resolved.settings.get('identitiesonly')).toEqual(['yes']);
    expect(destinationArguments({ hostId: 'prod' as HostId, destination })).toEqual([
      '-p',
      '2200',
      '-l',
      'ada',
      '-o',
      'IdentityFile="~/.ssh/b"',
      '-o',
      'IdentitiesOnly=yes',
      '--',
      'box',
    ]);
    const evil = { ...destination, host: '-oProxyCommand=x' };
    await expect(resolve({ ...target('prod'), destination: evil })).rejects.toMatchObject({
      code: 'host.invalid_name',
    });
  });

  it.each(['-oProxyCommand=touch x', '-v', 'me@-v', 'a b', '', 'ssh://', 'a\nb'])(
    'refuses %j',
    async (name) => {
      writeFileSync(sshConfigPath, '');
      await expect(resolve(target(name))).rejects.toMatchObject({ code: 'host.invalid_name' });
    },
  );

  it('says what is wrong in a configuration, with file and line', async () => {
    writeFileSync(sshConfigPath, 'Host box\n  Bogus yes\n');
    await expect(resolve(target('box'))).rejects.toMatchObject({
      code: 'host.config_invalid',
      message: expect.stringContaining('config: line 2: Bad configuration option: bogus'),
    });
  });

  it('says that there is no ssh', async () => {
    writeFileSync(sshConfigPath, '');
    const missing = { ...target('box'), sshProgram: join(base, 'no-ssh') };
    await expect(resolve(missing)).rejects.toMatchObject({ code: 'host.ssh_missing' });
  });
});

describe('masterArguments', () => {
  it('lets no configuration forward, run or skip anything', async () => {
    const hostile = {
      ForwardAgent: 'yes',
      ForwardX11: 'yes',
      PermitLocalCommand: 'yes',
      LocalCommand: 'touch x',
      RemoteCommand: 'tmux',
      RequestTTY: 'force',
      StrictHostKeyChecking: 'no',
      NoHostAuthenticationForLocalhost: 'yes',
      ControlPath: '/tmp/theirs',
      ControlPersist: 'yes',
      BatchMode: 'no',
      UpdateHostKeys: 'yes',
      LocalForward: '8080 localhost:80',
      Tunnel: 'yes',
      LogLevel: 'QUIET',
    };
    writeFileSync(
      sshConfigPath,
      `Host box\n${Object.entries(hostile)
        .map(([key, value]) => `  ${key} ${value}\n`)
        .join('')}`,
    );
    const resolved = await resolve(target('box'));
    const args = masterArguments(target('box'), resolved, join(base, 's'));
    const effective = execFileSync('ssh', ['-G', ...args], { encoding: 'utf8' }).split('\n');
    expect(effective).toEqual(
      expect.arrayContaining([
        'forwardagent no',
        'forwardx11 no',
        'permitlocalcommand no',
        'requesttty false',
        'stricthostkeychecking true',
        'nohostauthenticationforlocalhost no',
        `controlpath ${join(base, 's')}`,
        'controlpersist no',
        'batchmode yes',
        'updatehostkeys false',
        'clearallforwardings yes',
        'tunnel false',
        'loglevel INFO',
      ]),
    );
    expect(effective.some((line) => line.startsWith('localforward') || line === 'remotecommand tmux')).toBe(
      false,
    );
  });
});

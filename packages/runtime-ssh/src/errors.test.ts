import type { HostId } from '@farhand/shared/model/hosts';
import { describe, expect, it } from 'vitest';
import { needsAPerson, readSshError } from './errors.ts';

const host = 'box' as HostId;

// Said by OpenSSH 9.2, with the folders and addresses shortened.
const SAMPLES: readonly (readonly [string, string, string])[] = [
  [
    'a name that does not resolve',
    'host.unknown',
    'ssh: Could not resolve hostname no-such-host.invalid: Name or service not known\r\n',
  ],
  [
    'no name server',
    'host.unknown',
    'ssh: Could not resolve hostname box: Temporary failure in name resolution\r\n',
  ],
  ['a refused connection', 'host.refused', 'ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n'],
  ['no route', 'host.unreachable', 'ssh: connect to host 10.1.2.3 port 22: No route to host\r\n'],
  ['no network', 'host.unreachable', 'ssh: connect to host 10.1.2.3 port 22: Network is unreachable\r\n'],
  [
    'a silent address',
    'host.timed_out',
    'ssh: connect to host 10.255.255.1 port 22: Connection timed out\r\n',
  ],
  [
    'a silent server',
    'host.timed_out',
    'Connection timed out during banner exchange\r\nConnection to 127.0.0.1 port 40725 timed out\r\n',
  ],
  ['a frozen link', 'host.timed_out', 'Timeout, server box not responding.\r\n'],
  [
    'an unknown key',
    'host.key_unknown',
    'No ED25519 host key is known for [127.0.0.1]:40787 and you have requested strict checking.\r\nHost key verification failed.\r\n',
  ],
  [
    'a changed key',
    'host.key_changed',
    '@@@@@@@@@@@@@@@@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n@@@@@@@@@@@@@@@@@@@@\r\nIT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\nOffending ED25519 key in /home/me/kh2:1\r\n  remove with:\r\n  ssh-keygen -f "/home/me/kh2" -R "[127.0.0.1]:40787"\r\nHost key for [127.0.0.1]:40787 has changed and you have requested strict checking.\r\nHost key verification failed.\r\n',
  ],
  [
    'a revoked key',
    'host.key_changed',
    '@       WARNING: REVOKED HOST KEY DETECTED!               @\r\nED25519 host key for [127.0.0.1]:40787 was revoked and you have requested strict checking.\r\nHost key verification failed.\r\n',
  ],
  ['no key that fits', 'host.auth_failed', 'root@127.0.0.1: Permission denied (publickey).\r\n'],
  [
    'a missing key file',
    'host.auth_failed',
    'no such identity: /home/me/nokey: No such file or directory\r\nroot@127.0.0.1: Permission denied (publickey).\r\n',
  ],
  [
    'too many keys',
    'host.auth_failed',
    'Received disconnect from 127.0.0.1 port 40787:2: Too many authentication failures\r\nDisconnected from 127.0.0.1 port 40787\r\n',
  ],
  [
    'an unknown option',
    'host.config_invalid',
    '/home/me/c: line 11: Bad configuration option: bogus\r\n/home/me/c: terminating, 1 bad configuration options\r\n',
  ],
  [
    'a bad value',
    'host.config_invalid',
    "/home/me/c line 11: Bad port 'abc'.\r\n/home/me/c: terminating, 1 bad configuration options\r\n",
  ],
  [
    'a configuration open to others',
    'host.config_invalid',
    'Bad owner or permissions on /home/me/.ssh/config\r\n',
  ],
  [
    'a configuration that is not there',
    'host.config_invalid',
    "Can't open user config file /no/such/config: No such file or directory\r\n",
  ],
  [
    'a proxy command that fails',
    'host.proxy_failed',
    'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n',
  ],
  [
    'a proxy command that is missing',
    'host.proxy_failed',
    '/bin/bash: line 1: /no/such: No such file or directory\r\nkex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n',
  ],
  [
    'a jump host that does not resolve',
    'host.proxy_failed',
    'ssh: Could not resolve hostname no-such.invalid: Name or service not known\r\nkex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n',
  ],
  [
    'an end before signing in',
    'host.unreachable',
    'kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 127.0.0.1 port 36249\r\n',
  ],
  [
    'a server that speaks no ssh',
    'host.unreachable',
    'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 127.0.0.1 port 42959\r\n',
  ],
  [
    'nothing in common',
    'host.ssh_failed',
    'Unable to negotiate with 127.0.0.1 port 40787: no matching key exchange method found. Their offer: curve25519-sha256\r\n',
  ],
  ['no word at all', 'host.ssh_failed', ''],
];

describe('readSshError', () => {
  it.each(SAMPLES)('reads %s as %s', (_what, code, stderr) => {
    expect(readSshError(stderr, host).code).toBe(code);
  });

  it('names the file and the line of a bad configuration', () => {
    const error = readSshError(
      '/home/me/c: line 11: Bad configuration option: bogus\n/home/me/c: terminating, 1 bad configuration options\n',
      host,
    );
    expect(error.message).toContain('/home/me/c: line 11: Bad configuration option: bogus');
    expect(error.hint).toContain('ssh -G box');
  });

  it('says how to remove a changed key', () => {
    const sample = SAMPLES.find(([what]) => what === 'a changed key')?.[2] ?? '';
    expect(readSshError(sample, host).hint).toContain('ssh-keygen -f "/home/me/kh2" -R "[127.0.0.1]:40787"');
  });

  it('passes on no escape sequence of a hostile banner', () => {
    const error = readSshError('\u001b]52;c;aGk=\u0007box: Permission denied (publickey).\r\n', host);
    expect(JSON.stringify(error.toJSON())).not.toMatch(/\\u001b|\\u0007/);
  });

  it('tells what a person must mend from what comes back by itself', () => {
    const waits = SAMPLES.filter(([, , stderr]) => needsAPerson(readSshError(stderr, host))).map(
      ([, code]) => code,
    );
    expect(new Set(waits)).toEqual(
      new Set(['host.key_unknown', 'host.key_changed', 'host.auth_failed', 'host.config_invalid']),
    );
  });
});

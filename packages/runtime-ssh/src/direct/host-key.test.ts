import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashedName } from '../known-hosts/known-hosts.ts';
import { answering, directTest, logInDirectly, makeKey, publicHalf, works } from '../testing/direct-host.ts';

const { start } = directTest();

describe('a direct connection checks the host’s key', () => {
  const fingerprintOf = (path: string) =>
    execFileSync('ssh-keygen', ['-lf', `${path}.pub`], { encoding: 'utf8' }).split(' ')[1];

  it('asks for an unknown one, remembers it by name or hashed, and asks no more', async () => {
    const sshd = await start();
    for (const hash of ['no', 'yes']) {
      const file = join(sshd.directory, `kept ${hash}`, 'known_hosts');
      const changes = { UserKnownHostsFile: `"${file}"`, HashKnownHosts: hash, StrictHostKeyChecking: 'no' };
      const questions = answering(['host_key', 'yes']);
      await works(logInDirectly(sshd, changes, { questions }));
      expect(questions.asked[0]?.hostKey).toEqual({
        type: 'ED25519',
        fingerprint: fingerprintOf(sshd.hostKeyPath),
      });
      await works(logInDirectly(sshd, changes, { questions }));
      expect(questions.asked).toHaveLength(1);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'utf8').includes('127.0.0.1')).toBe(hash === 'no');
      // ssh itself finds it there.
      const found = execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', file], {
        encoding: 'utf8',
      });
      expect(found).toContain(publicHalf(sshd.hostKeyPath));
    }
  });

  it('refuses an unknown one where nobody trusts it, and writes nothing down', async () => {
    const sshd = await start();
    const file = join(sshd.directory, 'none');
    const changes = { UserKnownHostsFile: file };
    const unknown = { code: 'host.key_unknown' };
    await expect(logInDirectly(sshd, changes)).rejects.toMatchObject(unknown);
    await expect(logInDirectly(sshd, changes, { questions: answering() })).rejects.toMatchObject(unknown);
    const questions = answering(['host_key', 'yes']);
    const strict = { ...changes, StrictHostKeyChecking: 'yes' };
    await expect(logInDirectly(sshd, strict, { questions })).rejects.toMatchObject(unknown);
    expect(questions.asked).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  it('finds a hashed name, and an alias', async () => {
    const sshd = await start();
    const file = join(sshd.directory, 'kh');
    const hashed = hashedName(`[127.0.0.1]:${sshd.port}`, Buffer.alloc(20, 3));
    writeFileSync(file, `${hashed} ${publicHalf(sshd.hostKeyPath)}\r\n`);
    await works(logInDirectly(sshd, { UserKnownHostsFile: file }));
    writeFileSync(file, `the-box ${publicHalf(sshd.hostKeyPath)}\n`);
    await works(logInDirectly(sshd, { UserKnownHostsFile: file, HostKeyAlias: 'The-Box' }));
  });

  it('never goes on past another key than the one on record, and tells both', async () => {
    const sshd = await start();
    const file = join(sshd.directory, 'kh');
    const other = makeKey(sshd, 'other', '-t', 'ed25519');
    writeFileSync(file, `# mine\n[127.0.0.1]:${sshd.port} ${publicHalf(other)}\n`);
    const changes = { UserKnownHostsFile: file, StrictHostKeyChecking: 'no' };
    const questions = answering(['host_key', 'yes']);
    await expect(logInDirectly(sshd, changes, { questions })).rejects.toMatchObject({
      code: 'host.key_changed',
      details: {
        keyChange: {
          type: 'ED25519',
          offered: fingerprintOf(sshd.hostKeyPath),
          known: [fingerprintOf(other)],
          records: [{ file, line: 2 }],
        },
      },
    });
    expect(questions.asked).toEqual([]);
  });

  it('asks the host for the key that is on record', async () => {
    const sshd = await start({ config: [] });
    const rsa = makeKey(sshd, 'host_rsa', '-t', 'rsa', '-b', '2048');
    const both = await start({ config: [`HostKey ${rsa}`] });
    const file = join(sshd.directory, 'kh');
    writeFileSync(file, `[127.0.0.1]:${both.port} ${publicHalf(rsa)}\n`);
    await works(logInDirectly(both, { UserKnownHostsFile: file }));
  });

  it('refuses a revoked key, by a mark or by a list', async () => {
    const sshd = await start();
    const file = join(sshd.directory, 'kh');
    const key = publicHalf(sshd.hostKeyPath);
    writeFileSync(file, `[127.0.0.1]:${sshd.port} ${key}\n@revoked * ${key}\n`);
    const revoked = { code: 'host.key_revoked' };
    await expect(logInDirectly(sshd, { UserKnownHostsFile: file })).rejects.toMatchObject({
      ...revoked,
      details: { keyChange: { records: [{ file, line: 2 }] } },
    });
    const list = join(sshd.directory, 'revoked');
    writeFileSync(list, `${key}\n`);
    await expect(logInDirectly(sshd, { RevokedHostKeys: list })).rejects.toMatchObject(revoked);
    execFileSync('ssh-keygen', ['-q', '-k', '-f', `${list}.krl`, `${sshd.hostKeyPath}.pub`]);
    await expect(logInDirectly(sshd, { RevokedHostKeys: `${list}.krl` })).rejects.toMatchObject(revoked);
    const environment = { ...process.env, FH_FOLDER: sshd.directory };
    const named = { RevokedHostKeys: '${FH_FOLDER}/revoked' };
    await expect(logInDirectly(sshd, named, { environment })).rejects.toMatchObject(revoked);
    writeFileSync(list, `${publicHalf(makeKey(sshd, 'other', '-t', 'ed25519'))}\n`);
    await works(logInDirectly(sshd, { RevokedHostKeys: list }));
    await expect(logInDirectly(sshd, { RevokedHostKeys: `${list}.gone` })).rejects.toMatchObject({
      code: 'host.config_invalid',
    });
  });

  it('says that a @cert-authority needs the system’s ssh', async () => {
    const sshd = await start();
    const file = join(sshd.directory, 'kh');
    const authority = publicHalf(makeKey(sshd, 'ca', '-t', 'ed25519'));
    writeFileSync(file, `@cert-authority *,!other ${authority}\n`);
    const questions = answering(['host_key', 'yes']);
    await expect(logInDirectly(sshd, { UserKnownHostsFile: file }, { questions })).rejects.toMatchObject({
      code: 'host.direct_unsupported',
    });
    expect(questions.asked).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import {
  answering,
  type Changes,
  directTest,
  logInDirectly,
  makeKey,
  works,
} from '../testing/direct-host.ts';

const { agentOf, start } = directTest();

describe('a direct connection signs in', () => {
  it('with a key of an ssh agent, which the configuration names or not', async () => {
    const sshd = await start();
    const agent = await agentOf(sshd);
    agent.add(makeKey(sshd, 'other', '-t', 'ed25519'), join(sshd.directory, 'user_key'));
    const changes = { IdentityAgent: agent.socketPath, IdentityFile: 'none', IdentitiesOnly: 'no' };
    await works(logInDirectly(sshd, changes));
    // Only what the configuration names: here by a public half, as one does whose key is in a vault.
    const named = { ...changes, IdentityFile: join(sshd.directory, 'user_key.pub'), IdentitiesOnly: 'yes' };
    await works(logInDirectly(sshd, named));
    await expect(
      logInDirectly(sshd, { ...changes, IdentityFile: '/nowhere/key', IdentitiesOnly: 'yes' }),
    ).rejects.toMatchObject({ code: 'host.auth_failed' });
    await expect(logInDirectly(sshd, { ...changes, IdentityAgent: 'none' })).rejects.toMatchObject({
      code: 'host.auth_failed',
    });
  });

  it('with the agent that the environment names', async () => {
    const sshd = await start();
    const agent = await agentOf(sshd);
    agent.add(join(sshd.directory, 'user_key'));
    const changes = { IdentityAgent: 'SSH_AUTH_SOCK', IdentityFile: 'none', IdentitiesOnly: 'no' };
    await works(
      logInDirectly(sshd, changes, { environment: { ...process.env, SSH_AUTH_SOCK: agent.socketPath } }),
    );
  });

  it.each([
    ['ecdsa', ['-t', 'ecdsa']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['rsa in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ])('with %s, from its file and from the agent', async (name, options) => {
    const sshd = await start();
    const key = makeKey(sshd, name.replaceAll(' ', '-'), ...options);
    writeFileSync(join(sshd.directory, 'authorized_keys'), readFileSync(`${key}.pub`));
    await works(logInDirectly(sshd, { IdentityFile: key }));
    const agent = await agentOf(sshd);
    agent.add(key);
    await works(logInDirectly(sshd, { IdentityFile: key, IdentityAgent: agent.socketPath }));
  });

  it.each([
    ['OpenSSH', []],
    ['PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ])('with a locked key in the format %s, once its passphrase is given', async (_name, options) => {
    const sshd = await start();
    const key = makeKey(sshd, 'locked', ...options, '-N', 'a secret');
    writeFileSync(join(sshd.directory, 'authorized_keys'), readFileSync(`${key}.pub`));
    const questions = answering(['passphrase', 'wrong'], ['passphrase', 'a secret']);
    await works(logInDirectly(sshd, { IdentityFile: key }, { questions }));
    expect(questions.asked.map(({ kind, subject, canRemember }) => [kind, subject, canRemember])).toEqual([
      ['passphrase', key, true],
      ['passphrase', key, true],
    ]);
    await expect(logInDirectly(sshd, { IdentityFile: key })).rejects.toMatchObject({
      code: 'host.needs_input',
      message: expect.stringContaining(key),
    });
  });

  it('asks for no passphrase of a key that the host does not take', async () => {
    const sshd = await start();
    const locked = makeKey(sshd, 'locked', '-t', 'ed25519', '-N', 'a secret');
    const questions = answering();
    const keys = [locked, join(sshd.directory, 'user_key')];
    await works(logInDirectly(sshd, { IdentityFile: keys }, { questions }));
    expect(questions.asked).toEqual([]);
  });

  it('offers no more keys than the host bears, and says so', async () => {
    const sshd = await start({ config: ['MaxAuthTries 3'] });
    const agent = await agentOf(sshd);
    for (let n = 0; n < 4; n++) agent.add(makeKey(sshd, `k${n}`, '-t', 'ed25519'));
    const changes = { IdentityAgent: agent.socketPath, IdentitiesOnly: 'no', IdentityFile: 'none' };
    await expect(logInDirectly(sshd, changes)).rejects.toMatchObject({
      code: 'host.too_many_keys',
      message: expect.stringContaining('3 of 4 keys'),
    });
  });

  it('uses no key that others can read, as ssh', async () => {
    const sshd = await start();
    const key = join(sshd.directory, 'user_key');
    execFileSync('chmod', ['644', key]);
    await expect(logInDirectly(sshd)).rejects.toMatchObject({
      code: 'host.key_permissions',
      hint: `Run \`chmod 600 ${key}\`, then try again.`,
    });
  });

  it('says where a certificate was left out, which the system’s ssh would offer', async () => {
    const sshd = await start();
    const authority = makeKey(sshd, 'authority', '-t', 'ed25519');
    const key = makeKey(sshd, 'certified', '-t', 'ed25519');
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'ada', '-n', sshd.user, `${key}.pub`]);
    const refused = (changes: Changes) =>
      logInDirectly(sshd, changes).then(
        () => 'signed in',
        ({ code, hint }: FarhandError) => [code, hint],
      );
    const told = (where: string) => [
      'host.auth_failed',
      expect.stringMatching(`^The certificate ${where} was not offered.*method “master”.*Check that`),
    ];
    // Beside the key, named, and in the agent.
    expect(await refused({ IdentityFile: key })).toEqual(told(`${key}-cert.pub`));
    const other = makeKey(sshd, 'other', '-t', 'ed25519');
    expect(await refused({ IdentityFile: other, CertificateFile: `${key}-cert.pub` })).toEqual(
      told(`${key}-cert.pub`),
    );
    const agent = await agentOf(sshd);
    agent.add(key);
    const byAgent = { IdentityAgent: agent.socketPath, IdentityFile: 'none', IdentitiesOnly: 'no' };
    expect(await refused(byAgent)).toEqual(told('in the ssh agent'));
    expect(await refused({ IdentityFile: other })).toEqual([
      'host.auth_failed',
      expect.stringMatching(/^Check/),
    ]);
  });

  it('says that a security key needs the system’s ssh', async () => {
    const sshd = await start();
    const key = join(sshd.directory, 'sk');
    // The public half is all that is read of it; one of ssh's own examples.
    const blob = Buffer.concat(
      ['sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 7), 'ssh:'].map((part) => {
        const bytes = Buffer.from(part);
        const length = Buffer.alloc(4);
        length.writeUInt32BE(bytes.length);
        return Buffer.concat([length, bytes]);
      }),
    );
    writeFileSync(`${key}.pub`, `sk-ssh-ed25519@openssh.com ${blob.toString('base64')} sk\n`);
    writeFileSync(key, '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n', {
      mode: 0o600,
    });
    await expect(logInDirectly(sshd, { IdentityFile: key })).rejects.toMatchObject({
      code: 'host.direct_unsupported',
      hint: expect.stringContaining('master'),
    });
  });
});

const describeAsRoot = process.getuid?.() === 0 ? describe : undefined;

describeAsRoot?.('a direct connection to an account with a password', () => {
  const account = () => ({ asUser: `fh${newId('job').slice(4, 16)}`, password: 'right one' });

  it('asks for it, at most three times', async () => {
    const sshd = await start(account());
    const questions = answering(['password', 'wrong'], ['password', 'right one']);
    await works(logInDirectly(sshd, {}, { questions }));
    expect(questions.asked[0]).toMatchObject({ kind: 'password', subject: `${sshd.user}@127.0.0.1` });
    const wrong = answering(...Array.from({ length: 9 }, () => ['password', 'wrong'] as const));
    await expect(logInDirectly(sshd, {}, { questions: wrong })).rejects.toMatchObject({
      code: 'host.auth_failed',
    });
    expect(wrong.asked).toHaveLength(3);
  });

  it('ends where the person declines, and asks nobody where nobody is there', async () => {
    const sshd = await start(account());
    const questions = answering();
    await expect(logInDirectly(sshd, {}, { questions })).rejects.toMatchObject({ code: 'host.auth_failed' });
    expect(questions.asked).toHaveLength(1);
    await expect(logInDirectly(sshd)).rejects.toMatchObject({ code: 'host.auth_failed' });
  });

  it('goes on to the password where the host wants a key and then that', async () => {
    const user = account();
    const sshd = await start({
      ...user,
      config: ['PubkeyAuthentication yes', 'AuthenticationMethods publickey,password'],
    });
    const questions = answering(['password', 'right one']);
    await works(logInDirectly(sshd, {}, { questions }));
    expect(questions.asked).toHaveLength(1);
  });
});

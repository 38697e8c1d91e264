import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { fileRules } from '@farhand/shared/testing/contract/files';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSshHost } from '../testing/ssh-host.ts';
import { answerOf, describeAsRoot, describeRules, jobOutput, newUser, oddHost, pathOf } from './odd-host.ts';

function startJob(runtime: Runtime): Promise<void> {
  return runtime.jobs.start({ id: newId('job'), command: { script: 'echo ran' }, cwd: '/' });
}

describeRules('a home with spaces in its name', { homeName: 'my own home' }, { files: fileRules });

describe('a host with an odd home', () => {
  it('runs all in one with spaces, and in a workspace with spaces', async () => {
    const { runtime, sshd } = await oddHost({ homeName: "my home it's" });
    expect(await jobOutput(runtime, 'pwd; ls -d "$HOME/.farhand"')).toBe(`/\n${sshd.home}/.farhand\n`);
    await answerOf(runtime, 'mkdir "a work space"');
    const { stdout } = await runtime.exec({ argv: ['pwd'] }, { cwd: `${sshd.home}/a work space` });
    expect(Buffer.from(stdout).toString()).toBe(`${sshd.home}/a work space\n`);
  });

  it('runs all in one that is a symlink, and whose name ends with a slash', async () => {
    const host = await startSshHost({ homeName: 'link', environment: { SHELL: pathOf('bash') } });
    onTestFinished(() => host.close());
    rmSync(host.sshd.home, { recursive: true });
    mkdirSync(`${host.sshd.directory}/real`);
    symlinkSync('real', host.sshd.home);
    writeFileSync(`${host.sshd.directory}/real/.bash_profile`, 'export HOME=$HOME/\n');
    const runtime = host.open();
    expect(await answerOf(runtime, 'echo "$HOME"; pwd -P')).toBe(
      `${host.sshd.home}/\n${host.sshd.directory}/real\n`,
    );
    const id = newId('job');
    await runtime.jobs.start({
      id,
      command: { script: 'read -r line; echo "$line"' },
      cwd: '/',
      input: true,
    });
    await runtime.jobs.write(id, 0, Buffer.from('well\n'));
    let text = '';
    await runtime.jobs.attach(id, {
      onOutput: (_stream, _offset, bytes) => void (text += Buffer.from(bytes)),
    });
    expect(text).toBe('well\n');
    await runtime.jobs.remove(id);
  });

  it('says which home is missing', async () => {
    const { runtime, sshd } = await oddHost();
    rmSync(sshd.home, { recursive: true });
    const error = { code: 'host.home_missing', message: expect.stringContaining(sshd.home) };
    await expect(runtime.facts()).rejects.toMatchObject(error);
    await expect(startJob(runtime)).rejects.toMatchObject(error);
    expect(await answerOf(runtime, 'pwd')).toBe('/\n');
  });
});

describeAsRoot?.('a home that takes nothing', () => {
  it('is told as unwritable where it belongs to another', async () => {
    const { runtime, sshd } = await oddHost({ asUser: newUser() });
    execFileSync('chown', ['root', sshd.home]);
    chmodSync(sshd.home, 0o755);
    await expect(startJob(runtime)).rejects.toMatchObject({ code: 'host.home_unwritable' });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
    await expect(runtime.files.write(`${sshd.home}/f`, Buffer.from('x'))).rejects.toMatchObject({
      code: 'file.permission_denied',
    });
  });

  it('is told as unwritable where its file system is read-only', async () => {
    const { runtime, sshd } = await mounted('ro');
    await expect(startJob(runtime)).rejects.toMatchObject({ code: 'host.home_unwritable' });
    await expect(runtime.files.write(`${sshd.home}/f`, Buffer.from('x'))).rejects.toMatchObject({
      code: 'file.read_only',
    });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
  });

  it('is told as full, and keeps what was there', async () => {
    const { runtime, sshd } = await mounted('size=256k');
    await runtime.files.write(`${sshd.home}/kept`, Buffer.from('kept'));
    await answerOf(runtime, 'head -c 300000 /dev/zero >filler 2>/dev/null || :');
    await expect(startJob(runtime)).rejects.toMatchObject({ code: 'disk.full' });
    await expect(runtime.files.write(`${sshd.home}/kept`, Buffer.alloc(100_000))).rejects.toMatchObject({
      code: 'disk.full',
    });
    expect(await answerOf(runtime, 'cat kept; rm filler')).toBe('kept');
    expect(await jobOutput(runtime, 'echo well')).toBe('well\n');
  });
});

/** A host whose home is a file system of its own. */
async function mounted(options: string) {
  const host = await oddHost();
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', host.sshd.home]);
  onTestFinished(() => void execFileSync('umount', ['-l', host.sshd.home]));
  return host;
}

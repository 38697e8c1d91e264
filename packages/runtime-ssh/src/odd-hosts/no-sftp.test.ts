import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { fileRules } from '@farhand/shared/testing/contract/files';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, describeRules, IS_ROOT, newUser, oddHost } from './odd-host.ts';

describeRules(
  'a host without sftp',
  { hasSftp: false, ...(IS_ROOT ? { asUser: newUser() } : {}) },
  { files: fileRules },
);

describe('files without sftp', () => {
  it('come and go byte for byte, also at an offset', async () => {
    const { runtime, sshd } = await oddHost({ hasSftp: false });
    const bytes = Uint8Array.from({ length: 700_001 }, (_, index) => (index * 7) % 256);
    const path = `${sshd.home}/a folder/it's`;
    await runtime.files.write(path, bytes);
    expect(Buffer.compare(await runtime.files.read(path), bytes)).toBe(0);
    const end = await runtime.files.read(path, { offset: 699_999, limit: 9 });
    expect(Buffer.compare(end, bytes.subarray(-2))).toBe(0);
    await runtime.files.write(path, new Uint8Array());
    expect(await runtime.files.read(path)).toHaveLength(0);
    expect([...(await runtime.files.read('/dev/zero', { limit: 3 }))]).toEqual([0, 0, 0]);
    expect((await runtime.files.read('/proc/version')).length).toBeGreaterThan(0);
  });

  it('keep odd modes, and give new ones less the umask', async () => {
    const { runtime, sshd } = await oddHost({ hasSftp: false, files: { f: 'old' } });
    for (const mode of ['4751', '600', '2670', '1777']) {
      await answerOf(runtime, `chmod ${mode} f`);
      await runtime.files.write(`${sshd.home}/f`, Buffer.from(mode));
      expect([await answerOf(runtime, 'cat f'), (await runtime.files.stat(`${sshd.home}/f`)).mode]).toEqual([
        mode,
        // The sticky bit means nothing on a file.
        Number.parseInt(mode, 8) & 0o6777,
      ]);
    }
    await runtime.files.write(`${sshd.home}/new`, Buffer.from('x'), { mode: 0o777 });
    expect((await runtime.files.stat(`${sshd.home}/new`)).mode).toBe(0o755);
  });

  it('go by sftp again once a new connection finds it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'farhand-subsystem-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const program = join(folder, 'subsystem');
    writeFileSync(
      program,
      `#!/bin/sh\n[ -e ${folder}/on ] || exit 1\ntrue >${folder}/used\nexec /usr/lib/openssh/sftp-server\n`,
      { mode: 0o755 },
    );
    const { runtime, sshd } = await oddHost({ hasSftp: false, config: [`Subsystem sftp ${program}`] });
    await runtime.files.write(`${sshd.home}/f`, Buffer.from('x'));
    writeFileSync(join(folder, 'on'), '');
    const logins = sshd.logins();
    sshd.killConnections();
    await expect.poll(() => sshd.logins()).toBeGreaterThan(logins);
    expect(Buffer.from(await runtime.files.read(`${sshd.home}/f`)).toString()).toBe('x');
    expect(existsSync(join(folder, 'used'))).toBe(true);
  });

  it('lists a name that breaks every pattern', async () => {
    const { runtime, sshd } = await oddHost({ hasSftp: false });
    await answerOf(
      runtime,
      'mkdir d && cd d && touch -- "-c" "*" "a\nb" "%s" "\x01farhand 1 2 3 x" .hidden && mkfifo fifo',
    );
    const entries = await runtime.files.list(`${sshd.home}/d`);
    expect(entries.map((entry) => entry.name)).toEqual(
      expect.arrayContaining(['%s', '*', '-c', '.hidden', 'a\nb', 'fifo']),
    );
    expect(entries.find((entry) => entry.name === 'fifo')?.kind).toBe('other');
    await expect(runtime.files.read(`${sshd.home}/d/fifo`)).rejects.toMatchObject({ code: 'file.failed' });
  });

  it('carry the input of jobs, once however often it is sent', async () => {
    const { runtime } = await oddHost({ hasSftp: false });
    const id = newId('job');
    await runtime.jobs.start({ id, command: { script: 'head -c 150000 | cksum' }, cwd: '/', input: true });
    const input = Buffer.alloc(150_000, 'abcdefg');
    for (const [from, to] of [
      [0, 70_001],
      [0, 70_001],
      [60_001, 149_999],
      [149_999, 150_000],
    ] as const)
      await runtime.jobs.write(id, from, input.subarray(from, to));
    let text = '';
    const exit = await runtime.jobs.attach(id, {
      onOutput: (_s, _o, bytes) => void (text += Buffer.from(bytes)),
    });
    expect(exit).toEqual({ kind: 'exited', code: 0 });
    const { stdout } = await runtime.exec({ argv: ['cksum'] }, { stdin: input });
    expect(text).toBe(Buffer.from(stdout).toString());
    await expect(runtime.jobs.write(newId('job'), 0, input)).rejects.toMatchObject({ code: 'job.not_found' });
    await runtime.jobs.remove(id);
  });
});

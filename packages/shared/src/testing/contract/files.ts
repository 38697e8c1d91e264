import { beforeAll, expect, it } from 'vitest';
import { decode, encode, type Subject, sh } from './watch.ts';

export function fileRules(subject: Subject): void {
  const files = () => subject().runtime.files;
  let root = '';
  beforeAll(async () => {
    root = `${await files().realpath(subject().tempDirectory)}/files`;
    await sh(subject().runtime, `mkdir '${root}'`);
  });

  it('[FS1] reads ranges', async () => {
    await files().write(`${root}/range`, encode('0123456789'));
    expect(decode(await files().read(`${root}/range`))).toBe('0123456789');
    expect(decode(await files().read(`${root}/range`, { offset: 3, limit: 4 }))).toBe('3456');
    expect(decode(await files().read(`${root}/range`, { offset: 8, limit: 10 }))).toBe('89');
    expect(await files().read(`${root}/range`, { offset: 50 })).toHaveLength(0);
  });

  it('[FS2] keeps the mode, writes through symlinks and makes parents', async () => {
    await files().write(`${root}/deep/er/run.sh`, encode('one'), { mode: 0o755 });
    await sh(
      subject().runtime,
      `cd '${root}' && chmod 751 deep/er/run.sh && ln -s deep/er/run.sh link && ln -s deep/new dangling`,
    );
    await files().write(`${root}/link`, encode('two'));
    await files().write(`${root}/dangling`, encode('new'));
    expect(await files().stat(`${root}/deep/er/run.sh`)).toMatchObject({
      kind: 'file',
      mode: 0o751,
      sizeBytes: 3,
    });
    expect(await files().stat(`${root}/link`)).toMatchObject({ kind: 'symlink' });
    expect(await sh(subject().runtime, `cd '${root}' && cat deep/er/run.sh deep/new && ls -A deep/er`)).toBe(
      'twonewrun.sh\n',
    );
  });

  it('[FS2] shows readers the old or the new file, never part of one', async () => {
    const path = `${root}/whole`;
    const versions = [encode('a'.repeat(300_000)), encode('b'.repeat(300_000))] as const;
    await files().write(path, versions[0]);
    const writing = (async () => {
      for (let i = 1; i <= 10; i += 1) await files().write(path, versions[i % 2 === 0 ? 0 : 1]);
    })();
    for (let i = 0; i < 10; i += 1) {
      const text = decode(await files().read(path));
      expect([text.length, new Set(text).size]).toEqual([300_000, 1]);
    }
    await writing;
  });

  it('[FS2] leaves no temporary file after a failure', async () => {
    await sh(subject().runtime, `mkdir -p '${root}/taken/sub'`);
    await expect(files().write(`${root}/taken/sub`, encode('x'))).rejects.toMatchObject({
      code: 'file.is_directory',
    });
    expect((await files().list(`${root}/taken`)).map((entry) => entry.name)).toEqual(['sub']);
  });

  it('[FS3] takes any name and never follows a symlink at the end', async () => {
    const names = ['-dash', ' space ', "it's", 'new\nline', '"q"', 'é'];
    for (const name of names) await files().write(`${root}/names/${name}`, encode(name));
    await sh(
      subject().runtime,
      `cd '${root}/names' && mkdir ../kept && echo x >../kept/file && ln -s ../kept link`,
    );
    const listed = await files().list(`${root}/names`);
    expect(listed.map((entry) => entry.name).toSorted()).toEqual([...names, 'link'].toSorted());
    expect(listed.find((entry) => entry.name === 'link')?.kind).toBe('symlink');
    for (const name of names) expect(decode(await files().read(`${root}/names/${name}`))).toBe(name);
    for (const name of names) await files().remove(`${root}/names/${name}`);
    await files().remove(`${root}/names/link`, { recursive: true });
    await files().remove(`${root}/names/none`);
    expect(await files().list(`${root}/names`)).toEqual([]);
    expect(await files().stat(`${root}/kept/file`)).toMatchObject({ kind: 'file' });
  });

  it('[FS3] removes a full folder only when told, and lists at most the limit', async () => {
    await sh(subject().runtime, `mkdir '${root}/full' && cd '${root}/full' && touch a b c`);
    expect((await files().list(`${root}/full`, { limit: 2 })).map((entry) => entry.name)).toEqual(['a', 'b']);
    await expect(files().remove(`${root}/full`)).rejects.toMatchObject({
      code: expect.stringMatching(/^file\./),
    });
    await files().remove(`${root}/full`, { recursive: true });
    await expect(files().stat(`${root}/full`)).rejects.toMatchObject({ code: 'file.not_found' });
  });

  it('[FS3] resolves a path whose end does not exist', async () => {
    await sh(subject().runtime, `mkdir '${root}/real' && ln -s real '${root}/alias'`);
    expect(await files().realpath(`${root}/alias/not/yet`)).toBe(`${root}/real/not/yet`);
  });

  it('[FS4] gives the codes of the table', async () => {
    await files().write(`${root}/plain`, encode('x'));
    await expect(files().read(`${root}/none`)).rejects.toMatchObject({ code: 'file.not_found' });
    await expect(files().read(root)).rejects.toMatchObject({ code: 'file.is_directory' });
    await expect(files().list(`${root}/plain`)).rejects.toMatchObject({ code: 'file.not_directory' });
    await expect(files().list(`${root}/none`)).rejects.toMatchObject({ code: 'file.not_found' });
  });

  it('[FS4] says what is denied to an ordinary user', async () => {
    await sh(subject().runtime, `cd '${root}' && echo x >secret && chmod 000 secret`);
    const isRoot = (await sh(subject().runtime, 'id -u')).trim() === '0';
    const read = files().read(`${root}/secret`);
    // Nothing is denied to root.
    if (isRoot) expect(decode(await read)).toBe('x\n');
    else await expect(read).rejects.toMatchObject({ code: 'file.permission_denied' });
  });
}

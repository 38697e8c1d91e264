import { afterEach, expect, it } from 'vitest';
import { type JobId, newId } from '../../model/ids.ts';
import type { JobSpec } from '../../runtime/port.ts';
import {
  ARGUMENT_LISTS,
  decode,
  encode,
  isAlive,
  type Subject,
  script,
  sh,
  until,
  watchJob,
} from './watch.ts';

export function jobRules(subject: Subject): void {
  const started: JobId[] = [];
  const jobs = () => subject().runtime.jobs;
  async function start(text: string, more: Partial<JobSpec> = {}): Promise<JobId> {
    const id = more.id ?? newId('job');
    started.push(id);
    await jobs().start({ id, command: script(text), cwd: subject().tempDirectory, ...more });
    return id;
  }
  const attach = (id: JobId, after?: { out?: number; err?: number }) =>
    watchJob(subject().runtime, id, after);
  const ownPid = async (id: JobId, column = 3) =>
    (await sh(subject().runtime, `cut -d' ' -f${column} ~/.farhand/jobs/${id}/pid`)).trim();

  afterEach(async () => {
    await Promise.all(started.splice(0).map((id) => jobs().remove(id)));
  });

  it('[JB1] makes one private folder and starts an id once', async () => {
    const id = await start('echo ran >>count; exec sleep 60', { id: newId('job') });
    await start('echo ran >>count', { id });
    const folder = `${(await subject().runtime.facts()).home}/.farhand/jobs/${id}`;
    expect(await subject().runtime.files.stat(folder)).toMatchObject({ kind: 'directory', mode: 0o700 });
    const count = `${subject().tempDirectory}/count`;
    await until(async () => (await sh(subject().runtime, `cat ${count} 2>/dev/null || true`)) !== '');
    expect(await sh(subject().runtime, `cat ${count}`)).toBe('ran\n');
  });

  it('[JB1] refuses a missing folder', async () => {
    await expect(start('true', { cwd: '/no/such' })).rejects.toMatchObject({ code: 'file.not_found' });
  });

  it('[JB2] gives the bytes from any offset, then the exit, to two at once', async () => {
    const id = await start("printf 'abc\\000def'; printf oops >&2; exit 7");
    const watches = [attach(id), attach(id, { out: 4, err: 2 }), attach(id, { out: 7 })];
    for (const watch of watches) expect(await watch.ended).toEqual({ kind: 'exited', code: 7 });
    expect(watches.map((watch) => [watch.text(), watch.text('err')])).toEqual([
      ['abc\0def', 'oops'],
      ['def', 'ps'],
      ['', 'oops'],
    ]);
    const range = await jobs().read(id, 'out', 1, 2);
    expect([range.offset, decode(range.bytes)]).toEqual([1, 'bc']);
    await expect(attach(newId('job')).ended).rejects.toMatchObject({ code: 'job.not_found' });
  });

  it('[JB2] shows output as it comes, and all of it to a slow reader', async () => {
    const id = await start('echo one; read go; seq 1 400000', { input: true });
    const first = attach(id);
    await first.sees(/one\n/);
    await jobs().write(id, 0, encode('go\n'));
    let text = '';
    const exit = await jobs().attach(id, {
      onOutput: async (_stream, _offset, bytes) => {
        text += decode(bytes);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    expect([exit, await first.ended]).toEqual([
      { kind: 'exited', code: 0 },
      { kind: 'exited', code: 0 },
    ]);
    expect(text === first.text() && text.endsWith('\n399999\n400000\n')).toBe(true);
  });

  it('[JB3] outlives its runtime', async () => {
    const starter = await subject().another();
    const id = newId('job');
    started.push(id);
    await starter.jobs.start({
      id,
      command: script('echo early; read go; echo late'),
      cwd: subject().tempDirectory,
      input: true,
    });
    const lost = watchJob(starter, id);
    const torn = expect(lost.ended).rejects.toMatchObject({ code: 'host.connection_lost' });
    await lost.sees(/early/);
    await starter.close();
    await torn;
    await jobs().write(id, 0, encode('go\n'));
    const watch = attach(id, { out: 6 });
    expect([await watch.ended, watch.text()]).toEqual([{ kind: 'exited', code: 0 }, 'late\n']);
  });

  it('[JB4] shows the program a repeated write once', async () => {
    const id = await start('dd bs=1 count=8 2>/dev/null', { input: true });
    await jobs().write(id, 0, encode('abcd'));
    await jobs().write(id, 0, encode('abcd'));
    const watch = attach(id);
    await watch.sees(/abcd/);
    await jobs().write(id, 2, encode('cdefgh'));
    expect([await watch.ended, watch.text()]).toEqual([{ kind: 'exited', code: 0 }, 'abcdefgh']);
    expect((await jobs().get(id)).inBytes).toBe(8);
  });

  it('[JB4] refuses a write to a job without input, and to none', async () => {
    await expect(jobs().write(await start('sleep 60'), 0, encode('x'))).rejects.toMatchObject({
      code: 'job.no_input',
    });
    await expect(jobs().write(newId('job'), 0, encode('x'))).rejects.toMatchObject({ code: 'job.not_found' });
  });

  it('[JB5] reports the exit after all output, and soon though a child keeps the output open', async () => {
    const id = await start('sleep 60 & seq 1 50000; exit 3');
    const began = performance.now();
    const watch = attach(id);
    expect(await watch.ended).toEqual({ kind: 'exited', code: 3 });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(watch.text().endsWith('\n50000\n')).toBe(true);
  });

  it('[JB6] stops the group and tells how it ended', async () => {
    const id = await start('sleep 60 & echo $!; wait');
    const watch = attach(id);
    await watch.sees(/\n/);
    expect(await jobs().stop(id)).toEqual({ kind: 'signaled', signal: 'SIGTERM' });
    expect(await isAlive(subject().runtime, watch.text())).toBe(false);
    expect(await watch.ended).toEqual({ kind: 'signaled', signal: 'SIGTERM' });
    const stubborn = await start('trap "" TERM; echo up; while :; do sleep 0.05; done');
    await attach(stubborn).sees(/up/);
    expect(await jobs().stop(stubborn, { graceMs: 200 })).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
    await expect(jobs().stop(newId('job'))).rejects.toMatchObject({ code: 'job.not_found' });
  });

  it('[JB6] signals the group, with SIGINT not ignored', async () => {
    const id = await start('trap "echo caught; exit 5" INT; echo up; while :; do sleep 0.05; done');
    const watch = attach(id);
    await watch.sees(/up/);
    await jobs().signal(id, 'SIGINT');
    expect([await watch.ended, watch.text()]).toEqual([{ kind: 'exited', code: 5 }, 'up\ncaught\n']);
    await jobs().signal(id, 'SIGTERM');
  });

  it('[JB7] keeps a bounded room and tells what was missed', async () => {
    const total = 150 * 1024 * 1024;
    const id = await start(`head -c ${total} /dev/zero; echo end`);
    await until(async () => (await jobs().get(id)).status.state === 'ended');
    const kilobytes = Number((await sh(subject().runtime, `du -sk ~/.farhand/jobs/${id}`)).split('\t')[0]);
    expect(kilobytes).toBeLessThan(65 * 1024);
    const watch = attach(id);
    expect(await watch.ended).toEqual({ kind: 'exited', code: 0 });
    expect(watch.missed).toHaveLength(1);
    expect((watch.missed[0]?.[2] ?? 0) + watch.bytes().length).toBe(total + 4);
    expect(await jobs().get(id)).toMatchObject({ outBytes: total + 4 });
  });

  it('[JB9] reports a job whose keeper was killed as lost', async () => {
    const id = await start('echo up; exec sleep 60');
    const watch = attach(id);
    await watch.sees(/up/);
    const program = await ownPid(id);
    await sh(subject().runtime, `kill -9 ${await ownPid(id, 1)}`);
    expect(await watch.ended).toEqual({ kind: 'lost' });
    expect((await jobs().get(id)).status).toEqual({ state: 'ended', exit: { kind: 'lost' } });
    await jobs().remove(id);
    expect(await isAlive(subject().runtime, program)).toBe(false);
  });

  it('[JB10] removes process and folder, and lists by label', async () => {
    const label = newId('workspace');
    const ids = [
      await start('sleep 60', { label, input: true }),
      await start('exit 1', { label }),
    ].toSorted();
    await start('true', { label: newId('workspace') });
    expect((await jobs().list(label)).map((job) => [job.id, job.label])).toEqual(
      ids.map((id) => [id, label]),
    );
    await Promise.all(ids.map((id) => jobs().remove(id)));
    expect(await jobs().list(label)).toEqual([]);
    await jobs().remove(newId('job'));
    await until(
      async () =>
        !(await sh(subject().runtime, ARGUMENT_LISTS))
          .split('\n')
          .some((line) => ids.some((id) => line.includes(id))),
    );
  });

  it('[JB10] lists and removes what a start that was cut off left behind', async () => {
    const [label, id] = [newId('workspace'), newId('job')];
    const folder = `"$HOME/.farhand/jobs/${id}"`;
    await sh(subject().runtime, `mkdir -p ${folder} && echo ${label} >${folder}/label`);
    expect((await jobs().list(label)).map((job) => job.id)).toEqual([id]);
    await jobs().remove(id);
    expect(await jobs().list(label)).toEqual([]);
    expect(await sh(subject().runtime, `[ -e ${folder} ] || echo gone`)).toBe('gone\n');
  });

  it('[JB11] keeps the values of env out of argument lists and the folder', async () => {
    const id = await start('echo "${#CANARY}"; exec sleep 60', {
      env: { CANARY: 'kingfisher-7351', PATH: '/usr/bin:/bin' },
      input: true,
    });
    const watch = attach(id);
    await watch.sees(/^15\n/);
    expect(await sh(subject().runtime, ARGUMENT_LISTS)).not.toContain('kingfisher-7351');
    expect(
      await sh(subject().runtime, `find ~/.farhand -type f -exec grep -l kingfish'er-7351' {} +; true`),
    ).toBe('');
  });

  it('[JB13] carries the output of many at once, each its own', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        start(`echo early ${index}; read go; echo late ${index}`, { input: true }),
      ),
    );
    const watches = ids.map((id) => attach(id));
    await Promise.all(watches.map((watch) => watch.sees(/early/)));
    await Promise.all(ids.map((id) => jobs().write(id, 0, encode('go\n'))));
    for (const [index, watch] of watches.entries()) {
      expect(await watch.ended).toEqual({ kind: 'exited', code: 0 });
      expect(watch.text()).toBe(`early ${index}\nlate ${index}\n`);
    }
  });

  it('[JB13] leaves nothing behind in a job that nobody watches any more', async () => {
    const id = await start('echo up; exec sleep 60');
    const marks = () =>
      sh(subject().runtime, `cd ~/.farhand/jobs/${id} && ls -d watch.* 2>/dev/null || true`);
    const watch = attach(id);
    await watch.sees(/up/);
    expect(await marks()).not.toBe('');
    expect(await watch.detach()).toBe('detached');
    await until(async () => (await marks()) === '');
  });

  it('[JB14] lets a slow reader hold back no other, and gives it everything', async () => {
    const total = 8 * 1024 * 1024;
    const flood = await start(`head -c ${total} /dev/zero`);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let seen = 0;
    const slow = jobs().attach(flood, {
      onOutput: (_stream, offset, bytes) => {
        expect(offset).toBe(seen);
        seen += bytes.length;
        return held;
      },
    });
    await until(() => seen > 0);
    const other = attach(await start('echo quick; seq 1 100000'));
    expect(await other.ended).toEqual({ kind: 'exited', code: 0 });
    expect(other.text().endsWith('\n100000\n')).toBe(true);
    expect(seen).toBeLessThan(total);
    release();
    expect([await slow, seen]).toEqual([{ kind: 'exited', code: 0 }, total]);
  });

  it('[JB15] tells a job that a reboot ended', async () => {
    const label = newId('workspace');
    const id = await start('echo up; exec sleep 60', { label });
    const watch = attach(id);
    await watch.sees(/up/);
    const [keeper, program] = [await ownPid(id, 1), await ownPid(id)];
    // As the folder is found after a reboot: by another boot's id, and with none of its processes.
    const pid = `~/.farhand/jobs/${id}/pid`;
    await sh(subject().runtime, `read -r a b c d e f <${pid}; echo "$a $b $c $d another-boot $f" >${pid}`);
    await sh(subject().runtime, `kill -9 ${keeper} ${program}`);
    const rebooted = { kind: 'rebooted' };
    expect(await watch.ended).toEqual(rebooted);
    expect(await attach(id, { out: 3 }).ended).toEqual(rebooted);
    expect((await jobs().get(id)).status).toEqual({ state: 'ended', exit: rebooted });
    expect((await jobs().list(label)).map((job) => job.status)).toEqual([{ state: 'ended', exit: rebooted }]);
    expect(await jobs().stop(id)).toEqual(rebooted);
  });

  it('[JB16] tells what room a job takes on the host', async () => {
    const id = await start('dd bs=1 count=5 of=/dev/null 2>/dev/null; head -c 5000000 /dev/zero', {
      input: true,
    });
    await jobs().write(id, 0, encode('12345'));
    expect(await attach(id).ended).toEqual({ kind: 'exited', code: 0 });
    const record = await jobs().get(id);
    expect(record.keptBytes).toBe(5_000_005);
  });
}

import { afterEach, expect, it } from 'vitest';
import { type JobId, newId } from '../../model/ids.ts';
import { encode, type Subject, script, watchJob } from './watch.ts';

export function terminalRules(subject: Subject): void {
  const started: JobId[] = [];
  async function open(text: string) {
    const id = newId('job');
    started.push(id);
    const { runtime, tempDirectory } = subject();
    await runtime.jobs.start({
      id,
      command: script(text),
      cwd: tempDirectory,
      terminal: { rows: 24, cols: 80 },
    });
    let offset = 0;
    const watch = watchJob(runtime, id);
    const type = async (keys: string) => {
      const bytes = encode(keys);
      offset += bytes.length;
      await runtime.jobs.write(id, offset - bytes.length, bytes);
    };
    return { id, watch, type };
  }
  afterEach(async () => {
    await Promise.all(started.splice(0).map((id) => subject().runtime.jobs.remove(id)));
  });

  it('[JB8] echoes what is typed and has the size and TERM that were asked for', async () => {
    const { watch, type } = await open('PS1="ready> " exec sh -i');
    await watch.sees(/ready> /);
    await type('stty size; echo "$TERM"\r');
    await watch.sees(/stty size; echo "\$TERM"\r\n24 80\r\nxterm-256color\r\n/);
    await type('exit 3\r');
    expect(await watch.ended).toEqual({ kind: 'exited', code: 3 });
  });

  it('[JB8] tells the program of a new size', async () => {
    const { id, watch } = await open('trap "stty size; exit" WINCH; echo up; while :; do sleep 0.05; done');
    await watch.sees(/up/);
    await subject().runtime.jobs.resize(id, 40, 132);
    await watch.sees(/40 132\r\n/);
  });

  it('[JB8] has job control', async () => {
    const { watch, type } = await open('PS1="ready> " exec sh -i');
    await watch.sees(/ready> /);
    // The program itself says that it runs: before that, Ctrl-C may reach the shell while it is about to start it.
    await type('sh -c "echo go; exec sleep 60"\r');
    await watch.sees(/\ngo\r\n/);
    await type('\x03');
    await watch.sees(/\^C[^]*ready> /);
    await type('exit 0\r');
    expect(await watch.ended).toEqual({ kind: 'exited', code: 0 });
  });

  it('[JB6] stops a terminal with all that runs in it', async () => {
    const { id, watch, type } = await open('PS1="ready> " exec sh -i');
    await watch.sees(/ready> /);
    await type('sleep 60 & echo up\r');
    await watch.sees(/\nup\r\n/);
    expect((await subject().runtime.jobs.stop(id)).kind).not.toBe('lost');
    expect(await watch.ended).not.toEqual({ kind: 'lost' });
  });
}

import { expect, it } from 'vitest';
import { ARGUMENT_LISTS, decode, encode, isAlive, type Subject, script, sh } from './watch.ts';

export function commandRules(subject: Subject): void {
  const exec: ReturnType<Subject>['runtime']['exec'] = (...args) => subject().runtime.exec(...args);

  it('[RT1] gives stdout and stderr apart and byte for byte', async () => {
    const { stdout, stderr } = await exec(script("printf 'a\\000\\377b'; printf 'e\\376' >&2"));
    expect([...stdout]).toEqual([97, 0, 255, 98]);
    expect([...stderr]).toEqual([101, 254]);
  });

  it('[RT1] delivers all of a large output before the outcome', async () => {
    let seen = 0;
    const { outcome } = await exec(script('head -c 5000000 /dev/zero'), {
      onStdout: (bytes) => void (seen += bytes.length),
    });
    expect([outcome, seen]).toEqual([{ kind: 'exited', code: 0 }, 5_000_000]);
  });

  it.each([0, 1, 125, 126, 127, 255])('[RT2] reports status %i as it is', async (code) => {
    expect((await exec(script(`exit ${code}`))).outcome).toEqual({ kind: 'exited', code });
  });

  it('[RT2] reports a signal by its name, also as the status that a shell gives for it', async () => {
    expect((await exec(script('kill -9 $$'))).outcome).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
    expect((await exec(script("sh -c 'kill -TERM $$'; exit $?"))).outcome).toEqual({
      kind: 'signaled',
      signal: 'SIGTERM',
    });
  });

  it('[RT3] hands arguments over as given', async () => {
    const words = ['a b', `"q'`, 'new\nline', '', '-dash', '$HOME', '`x`', '\\', '*', 'é'];
    const { stdout } = await exec({ argv: ['printf', '%s\\0', ...words] });
    expect(decode(stdout).split('\0').slice(0, -1)).toEqual(words);
  });

  it('[RT3] runs a script with sh', async () => {
    expect(await sh(subject().runtime, 'for i in 1 2; do\n  echo "$i"\ndone # end')).toBe('1\n2\n');
  });

  it('[RT4] runs in cwd with env', async () => {
    const cwd = subject().tempDirectory;
    const { stdout } = await exec(script('pwd -P; printf %s "$CANARY"'), {
      cwd,
      env: { CANARY: "it's\n$x" },
    });
    expect(decode(stdout)).toBe(`${await subject().runtime.files.realpath(cwd)}\nit's\n$x`);
  });

  it('[RT4] tells a missing folder from a missing program', async () => {
    await expect(exec({ argv: ['true'] }, { cwd: '/no/such' })).rejects.toMatchObject({
      code: 'file.not_found',
    });
    await expect(exec({ argv: ['no-such-program'] })).rejects.toMatchObject({ code: 'command.not_found' });
    await expect(exec({ argv: ['/no/such'] })).rejects.toMatchObject({ code: 'command.not_found' });
  });

  it('[RT4] keeps the values of env out of argument lists', async () => {
    const listing = await exec(script(`${ARGUMENT_LISTS}; echo "\${#CANARY}"`), {
      env: { CANARY: 'kingfisher-7351' },
    });
    expect(decode(listing.stdout)).toMatch(/\n15\n$/);
    expect(decode(listing.stdout)).not.toContain('kingfisher-7351');
  });

  it('[RT5] sends stdin byte for byte and then its end', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 256);
    expect(Buffer.compare((await exec({ argv: ['cat'] }, { stdin: bytes })).stdout, bytes)).toBe(0);
    async function* pieces() {
      yield encode('one ');
      yield encode('two');
    }
    expect(decode((await exec({ argv: ['cat'] }, { stdin: pieces() })).stdout)).toBe('one two');
    expect(decode((await exec({ argv: ['cat'] })).stdout)).toBe('');
  });

  it('[RT5] takes it from a program that ends without having read its stdin', async () => {
    const { outcome } = await exec(script('sleep 0.1; exit 3'), { stdin: new Uint8Array(50_000) });
    expect(outcome).toEqual({ kind: 'exited', code: 3 });
  });

  it('[RT6] shows output while the command runs', async () => {
    const flag = `${subject().tempDirectory}/go`;
    const { outcome } = await exec(script(`echo first; until [ -e '${flag}' ]; do sleep 0.02; done`), {
      onStdout: () => void subject().runtime.files.write(flag, encode('x')),
    });
    expect(outcome).toEqual({ kind: 'exited', code: 0 });
  });

  it.each(['cancel', 'timeout'])(
    '[RT7] ends the whole process group by %s, and waits until it is gone',
    async (way) => {
      const abort = new AbortController();
      let pids = '';
      const { outcome } = await exec(
        script('trap "" TERM; sleep 60 & echo $$ $!; while :; do sleep 0.1; done'),
        {
          signal: abort.signal,
          ...(way === 'timeout' ? { timeoutMs: 500 } : {}),
          onStdout: (bytes) => {
            pids += decode(bytes);
            if (way === 'cancel' && pids.endsWith('\n')) abort.abort();
          },
        },
      );
      expect(outcome).toEqual({ kind: way === 'cancel' ? 'cancelled' : 'timed_out' });
      for (const pid of pids.trim().split(' ')) expect(await isAlive(subject().runtime, pid)).toBe(false);
    },
  );

  it('[RT8] ends what a command leaves in the background', async () => {
    const { stdout } = await exec(script('(sleep 0.3; echo late; sleep 60) & echo $!'));
    expect(await isAlive(subject().runtime, decode(stdout))).toBe(false);
    expect(await sh(subject().runtime, 'sleep 0.4; echo mine')).toBe('mine\n');
  });

  it('[RT9] ends a command that prints too much', async () => {
    await expect(exec({ argv: ['yes'] }, { maxOutputBytes: 100_000 })).rejects.toMatchObject({
      code: 'command.output_too_large',
    });
    await expect(exec(script('yes >&2'), { maxOutputBytes: 100_000 })).rejects.toMatchObject({
      code: 'command.output_too_large',
    });
  });

  it('[RT10] runs a hundred commands at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => sh(subject().runtime, `echo ${i}`)),
    );
    expect(results).toEqual(Array.from({ length: 100 }, (_, i) => `${i}\n`));
  });
}

import { execFileSync } from 'node:child_process';
import { newId } from '@farhand/shared/model/ids';
import {
  describeJobs,
  describeRuntime,
  type RuntimeUnderTest,
} from '@farhand/shared/testing/runtime-contract';
import { describe, expect, it } from 'vitest';
import type { SshRuntimeOptions } from './runtime.ts';
import { startSshHost } from './testing/ssh-host.ts';

async function makeRuntime(
  asUser?: string,
  options: Partial<SshRuntimeOptions> = {},
): Promise<RuntimeUnderTest> {
  const { sshd, open, close } = await startSshHost(asUser === undefined ? {} : { asUser });
  const runtime = open(options);
  // By the host's own hand, so that it belongs to the one who signed in.
  const made = await runtime.exec({ script: 'mkdir -p "$HOME/work"' });
  if (made.outcome.kind !== 'exited' || made.outcome.code !== 0) throw new Error('no folder to work in');
  return {
    runtime,
    another: async () => open(options),
    tempDirectory: `${sshd.home}/work`,
    close,
  };
}

describe('the contract over a real sshd', () => {
  describeRuntime('as the user of this process', () => makeRuntime());
  describeRuntime('by the direct method', () => makeRuntime(undefined, { method: 'direct' }));
  describeJobs('without perl', () => makeRuntime(undefined, { hub: 'sh' }));
  describeRuntime('as an ordinary user', () => makeRuntime(ordinaryUser()));
});

describe('jobs.attach with a start', () => {
  it('[JB12] does what start and then attach do, with their errors', async () => {
    const { open, close } = await startSshHost({});
    const runtime = open();
    const id = newId('job');
    const printed: string[] = [];
    const start = {
      id,
      command: { script: 'read -r a; echo "$a $X"; exit 3' },
      cwd: '/',
      env: { X: "it's" },
    };
    const onOutput = (_stream: string, offset: number, bytes: Uint8Array) =>
      void printed.push(`${offset} ${new TextDecoder().decode(bytes)}`);
    const exited = { kind: 'exited', code: 3 };
    await expect(runtime.jobs.attach(id, { start, onOutput })).resolves.toEqual(exited);
    await expect(runtime.jobs.attach(id, { start, onOutput, after: { out: 1 } })).resolves.toEqual(exited);
    expect(printed).toEqual(["0  it's\n", "1 it's\n"]);
    const lost = { ...start, id: newId('job'), cwd: '/nowhere' };
    await expect(runtime.jobs.attach(lost.id, { start: lost, onOutput })).rejects.toMatchObject({
      code: 'file.not_found',
    });
    await close();
  });
});

/** A name that no other test run on this machine uses. */
function ordinaryUser(): string {
  const name = `fh${newId('job').slice(4, 16)}`;
  const taken = execFileSync('getent', ['passwd'], { encoding: 'utf8' }).includes(`\n${name}:`);
  if (taken) throw new Error(`the user ${name} exists`);
  return name;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import {
  describeJobs,
  describeRuntime,
  type RuntimeUnderTest,
} from '@farhand/shared/testing/runtime-contract';
import { describe, expect, it } from 'vitest';
import { createLocalRuntime, type LocalRuntimeOptions } from './runtime.ts';

async function makeHome(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'farhand-local-'));
}

async function makeRuntime(options: LocalRuntimeOptions = {}): Promise<RuntimeUnderTest> {
  const home = await makeHome();
  const tempDirectory = await mkdtemp(join(home, 'temp-'));
  const make = () => createLocalRuntime({ home, environment: { PATH: process.env['PATH'] }, ...options });
  const runtime = make();
  return {
    runtime,
    tempDirectory,
    another: async () => make(),
    close: async () => {
      for (const job of await runtime.jobs.list()) await runtime.jobs.remove(job.id);
      await runtime.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

describeRuntime('runtime-local', () => makeRuntime());
describeJobs('runtime-local without inotify', () => makeRuntime({ hub: 'perl_polling' }));
describeJobs('runtime-local without perl', () => makeRuntime({ hub: 'sh' }));

describe('createLocalRuntime', () => {
  it('hands nothing of the server to commands but what a login gives', async () => {
    const home = await makeHome();
    const runtime = createLocalRuntime({
      home,
      environment: { PATH: '/usr/bin:/bin', OPENAI_API_KEY: 'kingfisher', LANG: 'C.UTF-8' },
    });
    const { stdout } = await runtime.exec({ argv: ['env'] });
    const text = new TextDecoder().decode(stdout);
    expect(text).not.toContain('kingfisher');
    expect(text).toContain(`HOME=${home}\n`);
    expect(text).toContain('LANG=C.UTF-8\n');
    await runtime.close();
    await rm(home, { recursive: true, force: true });
  });
});

describe('jobs.attach with a start', () => {
  it('[JB12] does what start and then attach do, with their errors', async () => {
    const home = await makeHome();
    const runtime = createLocalRuntime({ home });
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
    await runtime.close();
    await rm(home, { recursive: true, force: true });
  });
});

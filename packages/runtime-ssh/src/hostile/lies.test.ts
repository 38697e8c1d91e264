import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { describe, expect, it } from 'vitest';
import { type LyingHost, startLyingHost } from './liar.ts';
import { settled } from './testing.ts';

const CUTS = [...Array.from({ length: 48 }, (_, n) => n), 60, 64, 80, 100, 128, 200, 400, 1000];
const SEEDS = Array.from({ length: 12 }, (_, n) => n + 7);
const END_AFTER_MS = 2000;

async function useAll(runtime: Runtime): Promise<string[]> {
  const id = newId('job');
  const spec = { id, command: { script: 'echo one; echo two >&2' }, cwd: '/' };
  const calls = [
    runtime.exec({ argv: ['echo', 'said'] }),
    runtime.jobs.attach(id, { start: spec, onOutput: () => {} }),
    runtime.jobs.list(),
    runtime.facts(),
    runtime.files.read('/etc/passwd'),
  ].map((call) => settled<unknown>(call));
  return (await Promise.all(calls)).map((came) => ('code' in came ? came.code : 'value'));
}

async function runJob(runtime: Runtime) {
  const id = newId('job');
  let out = '';
  const exit = await runtime.jobs.attach(id, {
    start: { id, command: { script: 'echo one; exit 3' }, cwd: '/' },
    onOutput: (_stream, _offset, bytes) => {
      out += Buffer.from(bytes).toString();
    },
  });
  return { exit, out };
}

type Act = (host: LyingHost, n: number) => Promise<void>;

// Side by side where what a lie costs is waiting.
async function onHosts(hosts: number, numbers: readonly number[], act: Act) {
  const left = [...numbers];
  const work = async () => {
    const host = await startLyingHost();
    try {
      for (let n = left.shift(); n !== undefined; n = left.shift()) await act(host, n);
    } finally {
      await host.stop();
    }
  };
  await Promise.all(Array.from({ length: hosts }, work));
}

// A host may answer falsely, and a person sees what it says; what it may not do is hang us or break us.
describe('a host that lies', { timeout: 300_000 }, () => {
  it('is believed while it is honest', async () => {
    await onHosts(1, [0], async (host) => {
      expect(await useAll(host.runtime())).toEqual(Array.from({ length: 5 }, () => 'value'));
    });
  });

  it('that ends a session after each byte of its answers gives the right result or an error', async () => {
    await onHosts(1, CUTS, async (host, n) => {
      host.tell('cut', n);
      const runtime = host.runtime();
      const [came, ended] = await Promise.all([
        settled(runtime.exec({ argv: ['echo', 'said'] })),
        settled(runJob(runtime)),
      ]);
      if ('value' in came) expect(Buffer.from(came.value.stdout).toString()).toBe('said\n');
      else expect(came.code).toMatch(/^host\./);
      if ('value' in ended) expect(ended.value).toEqual({ exit: { kind: 'exited', code: 3 }, out: 'one\n' });
      else expect(ended.code).toMatch(/^host\./);
      await runtime.close();
    });
  });

  it('that changes, drops, doubles and moves bytes leaves every call with an end', async () => {
    const seen = new Set<string>();
    await onHosts(4, SEEDS, async (host, seed) => {
      host.tell('corrupt', seed);
      const runtime = host.runtime();
      // Without an answer a command may be one that takes long: it is we who end it.
      const deadline = setTimeout(() => void runtime.close(), END_AFTER_MS);
      for (const came of await useAll(runtime)) seen.add(came);
      clearTimeout(deadline);
      await runtime.close();
    });
    expect(seen).toContain('value');
    expect(seen.size).toBeGreaterThan(1);
    for (const came of seen) expect(came).toMatch(/^(?:value|host\.|job\.|command\.|file\.)/);
  });
});

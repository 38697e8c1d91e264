import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '@farhand/shared/runtime/port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench, outcomeOf } from '../testing/bench.ts';
import type { TestRepository } from '../testing/repository.ts';

let bench: Bench;
let shop: TestRepository;

beforeEach(() => {
  bench = openBench();
  shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.write('src/cart.ts', 'export const total = 1;\n');
  shop.commit('first');
});
afterEach(() => bench.close());

const addShop = () => bench.projects.add(shop.path);

/** The same script with other text before it. */
function inFrontOf(command: Command, change: (text: string) => string): Command {
  if (!('argv' in command) || command.argv[1] !== '-c') return command;
  const [shell, flag, text = '', ...rest] = command.argv;
  return { argv: [shell, flag, change(text), ...rest] };
}

describe('a creation that fails', () => {
  it('keeps the failed step with its error, and goes on from there at a retry', async () => {
    const { id: projectId } = await addShop();
    writeFileSync(path.join(bench.home, '.farhand'), 'in the way');
    const failed = await bench.make({ projectId });
    expect(failed.state).toBe('failed');
    expect(failed.steps.map(({ state }) => state)).toEqual([
      'done',
      'failed',
      'waiting',
      'waiting',
      'waiting',
    ]);
    expect(failed.steps[1]?.error).toMatchObject({ code: 'host.home_unwritable' });
    await bench.runtime.files.remove(path.join(bench.home, '.farhand'));
    bench.workspaces.retry(failed.id);
    const made = await bench.until(failed.id, ({ state }) => state !== 'creating');
    expect(made.state).toBe('ready');
    expect(made.steps[0]?.startedAt).toBe(failed.steps[0]?.startedAt);
  });

  it('finds what is not what was sent', async () => {
    const { id: projectId } = await addShop();
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      exec: (command, options = {}) => {
        const { onStdout } = options;
        const lying = (bytes: Uint8Array) =>
          onStdout?.(
            Buffer.from(
              Buffer.from(bytes)
                .toString()
                .replace(/head [0-9a-f]{8}/, 'head 00000000'),
            ),
          );
        return runtime.exec(command, onStdout ? { ...options, onStdout: lying } : options);
      },
    }));
    const failed = await bench.make({ projectId });
    expect(failed.steps[3]).toMatchObject({
      state: 'failed',
      error: { code: 'workspace.hash_mismatch', retryable: true },
    });
    bench.replaceRuntime(null);
    bench.workspaces.retry(failed.id);
    expect((await bench.until(failed.id, ({ state }) => state !== 'creating')).state).toBe('ready');
  });

  it('goes on after a restart of the server', async () => {
    const { id: projectId } = await addShop();
    let reached = () => {};
    const sending = new Promise<void>((resolve) => {
      reached = resolve;
    });
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      exec: (command, options) => {
        if (!options?.onStdout) return runtime.exec(command, options);
        reached();
        return new Promise((_, reject) =>
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason)),
        );
      },
    }));
    const begun = await bench.workspaces.create({
      projectId,
      host: 'local',
      branch: 'main',
      name: 'slow',
      transfer: 'history',
    });
    await sending;
    bench.replaceRuntime(null);
    const restarted = bench.restart();
    expect(restarted.workspaces.get(begun.id).state).toBe('creating');
    restarted.workspaces.resumeAll();
    const made = await bench.until(begun.id, ({ state }) => state !== 'creating', restarted);
    expect(outcomeOf(made)).toBe('ready');
  });

  it('sends again without the cache when the cache is damaged', async () => {
    const { id: projectId } = await addShop();
    await bench.make({ projectId, name: 'one' });
    const packs = path.join(bench.home, '.farhand/cache', `${projectId}.git/objects/pack`);
    await bench.runtime.exec({
      script: `chmod -R u+w '${packs}'; for f in '${packs}'/*.pack; do echo broken >"$f"; done`,
    });
    shop.write('README.md', '# Moved\n');
    shop.commit('moved');
    const two = await bench.make({ projectId, name: 'two' });
    expect(outcomeOf(two)).toBe('ready');
    expect(readFileSync(path.join(two.directory ?? '', 'README.md'), 'utf8')).toBe('# Moved\n');
  });

  it('sends again without a cache whose objects are damaged, so that not even its commits are known', async () => {
    const { id: projectId } = await addShop();
    await bench.make({ projectId, name: 'one' });
    const packs = path.join(bench.home, '.farhand/cache', `${projectId}.git/objects/pack`);
    await bench.runtime.exec({
      script: `chmod -R u+w '${packs}'; for f in '${packs}'/*.pack; do printf broken | dd of="$f" bs=1 seek=40 conv=notrunc 2>/dev/null; done`,
    });
    shop.write('README.md', '# Moved\n');
    shop.commit('moved');
    const two = await bench.make({ projectId, name: 'two' });
    expect(outcomeOf(two)).toBe('ready');
  });

  it('names the repository that is gone from the server’s machine', async () => {
    const { id: projectId } = await addShop();
    renameSync(shop.path, `${shop.path}.moved`);
    await expect(bench.make({ projectId })).rejects.toMatchObject({
      code: 'project.path_missing',
      message: expect.stringContaining(shop.path),
    });
    await expect(bench.projects.branches(projectId)).rejects.toMatchObject({ code: 'project.path_missing' });
  });

  it('says that the disk is full where git only says that it cannot write, and is retried when there is room', async () => {
    shop.write('big.bin', randomBytes(3_000_000));
    shop.commit('big');
    const { id: projectId } = await addShop();
    const tools = path.join(bench.folder, 'tools');
    mkdirSync(tools);
    const noRoom =
      'case "$*" in *.new*|*" ."*) echo "fs 9 9 100 1% /"; echo "fs 9 9 100 1% /" ;; *) exec /bin/df "$@" ;; esac';
    writeFileSync(path.join(tools, 'df'), `#!/bin/sh\n${noRoom}\n`, { mode: 0o755 });
    const noReset =
      'case " $* " in *" reset "*) echo "fatal: Could not reset index file" >&2; exit 128 ;; esac';
    writeFileSync(path.join(tools, 'git'), `#!/bin/sh\n${noReset}\nexec /usr/bin/git "$@"\n`, {
      mode: 0o755,
    });
    const withTools = (text: string) => `PATH=${tools}:$PATH\n${text}`;
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      exec: (command, options) => runtime.exec(inFrontOf(command, withTools), options),
    }));
    const failed = await bench.make({ projectId });
    expect(failed.steps[3]?.error).toMatchObject({ code: 'disk.full' });
    bench.replaceRuntime(null);
    bench.workspaces.retry(failed.id);
    expect(outcomeOf(await bench.until(failed.id, ({ state }) => state !== 'creating'))).toBe('ready');
  });

  it('finds a git that was installed after the host said that it has none', async () => {
    const { id: projectId } = await addShop();
    let isInstalled = false;
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      facts: async () => ({ ...(await runtime.facts()), gitVersion: null }),
      exec: (command, options) =>
        isInstalled ? runtime.exec(command, options) : runtime.exec({ argv: ['false'] }, options),
    }));
    const failed = await bench.make({ projectId });
    expect(failed.steps[0]?.error).toMatchObject({ code: 'host.git_missing' });
    isInstalled = true;
    bench.workspaces.retry(failed.id);
    expect(outcomeOf(await bench.until(failed.id, ({ state }) => state !== 'creating'))).toBe('ready');
  });

  it('removes what a transfer that was cut left in the cache', async () => {
    const { id: projectId } = await addShop();
    await bench.make({ projectId, name: 'one' });
    const left = path.join(bench.home, '.farhand/cache', `${projectId}.git/objects/pack/tmp_pack_x`);
    writeFileSync(left, 'half');
    await bench.make({ projectId, name: 'two' });
    expect(existsSync(left)).toBe(false);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../workspaces/testing/bench.ts';
import { watchText } from './testing-watcher.ts';

let bench: Bench;
let workspaceId: WorkspaceId;

beforeEach(async () => {
  bench = openBench();
  const shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.commit('first');
  const { id: projectId } = await bench.projects.add(shop.path);
  bench.secrets.set({ kind: 'project', projectId }, 'TOKEN', 'canary-8842-value');
  const made = await bench.make({ projectId });
  workspaceId = made.id;
});
afterEach(() => bench.close());

describe('terminals', () => {
  it('opens a shell in the workspace that echoes, and covers secrets', async () => {
    const terminal = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    expect(terminal).toMatchObject({ title: 'Terminal 1', exit: null });
    const page = watchText(bench.terminals, terminal.id);
    await bench.terminals.input(terminal.id, 'echo "dir $(basename "$PWD") $TOKEN end"; stty size\n');
    await page.shows('\r\n24 80');
    expect(page.text()).toMatch(/dir fix-checkout-[a-z2-7]{6} \[secret TOKEN\]\*{3} end/);
    expect(page.text()).not.toContain('canary-8842');
    await bench.terminals.resize(terminal.id, 30, 100);
    await bench.terminals.input(terminal.id, 'stty size\n');
    await page.shows('30 100');
    expect(bench.terminals.get(terminal.id)).toMatchObject({ rows: 30, cols: 100 });
    expect(page.states).toEqual(['attached']);
  });

  it('keeps the order of many keys', async () => {
    const { id } = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    await Promise.all([...'echo 01"23"456789abcdefghij\n'].map((key) => bench.terminals.input(id, key)));
    await page.shows('0123456789abcdefghij\r\n');
    expect(page.states).toEqual(['attached']);
  });

  it('tells the end after all output', async () => {
    const { id } = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    await bench.terminals.input(id, 'echo good"bye"; exit 3\n');
    await page.until(() => page.states.includes('ended'));
    expect(page.text()).toContain('goodbye');
    expect(bench.terminals.get(id).exit).toEqual({ kind: 'exited', code: 3 });
    const late = watchText(bench.terminals, id, -1);
    await late.until(() => late.states.includes('ended'));
    expect(late.text()).toBe(page.text());
  });

  it('goes on where a browser was, also in a restarted server', async () => {
    const { id } = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    await bench.terminals.input(id, 'echo before-"it"\n');
    await page.shows('before-it');
    page.stop();
    await bench.terminals.shutdown();
    const restarted = bench.restart();
    restarted.terminals.resumeAll();
    const again = watchText(restarted.terminals, id, page.next());
    await restarted.terminals.input(id, 'echo after-"it"\n');
    await again.shows('after-it');
    const whole = watchText(restarted.terminals, id, 0);
    await whole.until(() => whole.next() >= again.next());
    expect(whole.text().startsWith(page.text() + again.text())).toBe(true);
  });

  it('tells what a program in it does, and answers what it asks, also after a restart but never twice', async () => {
    writeFileSync(
      join(bench.folder, 'ask.sh'),
      "stty raw -echo; printf '\\033]7501;?\\033\\\\'; printf 'got %s' \"$(head -c 10 | od -An -c | tr -d ' ')\"; stty sane\n",
    );
    const { id } = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    await bench.terminals.input(id, `sh ${join(bench.folder, 'ask.sh')}\n`);
    await page.shows('got 033]7501;?033\\');
    await bench.terminals.input(id, "printf '\\033]7501;state=blocked:msg=T2s/\\007'; cat\n");
    const activity = { state: 'blocked', text: 'Ok?', isGuess: false };
    await expect.poll(() => bench.terminals.get(id).activity).toMatchObject(activity);
    await bench.terminals.shutdown();
    const { terminals } = bench.restart();
    terminals.resumeAll();
    await expect.poll(() => terminals.get(id).activity).toMatchObject(activity);
    const again = watchText(terminals, id, 0);
    await terminals.input(id, 'only this\n');
    await again.shows('only this\r\nonly this\r\n');
    await terminals.input(id, '\u0004exit\n');
    await again.until(() => again.states.includes('ended'));
    expect(terminals.get(id)).toMatchObject({ activity: null, exit: { kind: 'exited' } });
  });

  it('lets a slow watcher catch up without holding up another', async () => {
    const { id } = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = watchText(bench.terminals, id, 0, () => held);
    const quick = watchText(bench.terminals, id);
    await bench.terminals.input(id, 'seq 1 900000 | tr "\\n" " "; echo all-"done"\n');
    await quick.shows('all-done');
    expect(slow.text().length).toBeLessThan(1024 * 1024);
    release();
    await slow.shows('all-done');
    expect(slow.missed).toEqual([]);
    expect(slow.text().slice(0, quick.text().length)).toBe(quick.text());
    const late = watchText(bench.terminals, id, -1);
    await late.shows('all-done');
    expect(late.text().length).toBeLessThanOrEqual(2.2 * 1024 * 1024);
  });

  it('says that contact is lost, never that it ended, and goes on by itself', async () => {
    let isLost = false;
    let lose = () => {};
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      jobs: {
        ...runtime.jobs,
        get: (id) => (isLost ? Promise.reject(new FarhandError('host.unreachable')) : runtime.jobs.get(id)),
        attach: (id, options) => {
          const stop = new AbortController();
          const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
          lose = () => stop.abort();
          return runtime.jobs.attach(id, { ...options, signal }).then((exit) => {
            if (stop.signal.aborted) throw new FarhandError('host.connection_lost');
            return exit;
          });
        },
      },
    }));
    const { id } = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    await bench.terminals.input(id, 'echo one-"two"\n');
    await page.shows('one-two');
    isLost = true;
    lose();
    await page.until(() => page.states.at(-1) === 'contact_lost');
    expect(bench.terminals.get(id).exit).toBeNull();
    isLost = false;
    await page.until(() => page.states.at(-1) === 'attached');
    await bench.terminals.input(id, 'echo three-"four"\n');
    await page.shows('three-four');
  });

  it('says of a host that was started anew that this was its end', async () => {
    const { id, jobId } = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    await bench.terminals.input(id, 'echo one-"two"\n');
    await page.shows('one-two');
    const record = join(bench.home, '.farhand/jobs', jobId, 'pid');
    const [keeper, keeperStart, program, programStart, , dot] = readFileSync(record, 'utf8').split(' ');
    const otherBoot = '00000000-0000-4000-8000-000000000000';
    writeFileSync(record, [keeper, keeperStart, program, programStart, otherBoot, dot].join(' '));
    process.kill(Number(keeper), 'SIGKILL');
    process.kill(-Number(program), 'SIGKILL');
    await page.until(() => page.states.at(-1) === 'ended');
    expect(bench.terminals.get(id).exit).toEqual({ kind: 'rebooted' });
  });

  it('leaves nothing where nobody knows if it was opened', async () => {
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      jobs: {
        ...runtime.jobs,
        start: async (spec) => {
          await runtime.jobs.start(spec);
          throw new FarhandError('host.connection_lost');
        },
      },
    }));
    await expect(bench.terminals.open(workspaceId, { rows: 24, cols: 80 })).rejects.toMatchObject({
      code: 'host.connection_lost',
    });
    expect(bench.terminals.list()).toEqual([]);
    await expect.poll(() => bench.runtime.jobs.list(workspaceId)).toEqual([]);
  });

  it('stops at once though a host does not answer', async () => {
    await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    let isAsked = false;
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      jobs: {
        ...runtime.jobs,
        get: () => {
          isAsked = true;
          return new Promise(() => {});
        },
      },
    }));
    const { terminals } = bench.restart();
    terminals.resumeAll();
    expect(isAsked).toBe(true);
    await terminals.shutdown();
  });

  it('closes with its programs', async () => {
    const { id, jobId } = await bench.terminals.open(workspaceId, { rows: 24, cols: 80 });
    expect((await bench.terminals.open(workspaceId, { rows: 24, cols: 80 })).title).toBe('Terminal 2');
    await bench.terminals.close(id);
    await expect(bench.runtime.jobs.get(jobId)).rejects.toMatchObject({ code: 'job.not_found' });
    expect(() => bench.terminals.get(id)).toThrow(expect.objectContaining({ code: 'terminal.not_found' }));
    expect(() =>
      bench.terminals.watch(id, 0, { onOutput: () => {}, onMissed: () => {}, onState: () => {} }),
    ).toThrow(expect.objectContaining({ code: 'terminal.not_found' }));
  });
});

import { existsSync } from 'node:fs';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import type { SessionId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { outcomeOf } from '../workspaces/testing/bench.ts';
import { ForkBench } from './testing/fork-bench.ts';

let sshd: TestSshd;
let far: Runtime;
let bench: ForkBench;
let made: Workspace;
let openGate: () => void;

beforeAll(async () => {
  sshd = await startSshd();
  far = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
});
afterAll(async () => {
  await far.close();
  await sshd.stop();
});
beforeEach(async () => {
  const gate = new Promise<void>((resolve) => (openGate = resolve));
  const write = (name: string): ModelStep => ({
    call: { name: 'bash', arguments: { command: `echo ${name} >${name}`, description: name } },
  });
  bench = await ForkBench.start({
    others: [far],
    script: ({ lastUserText, step }) => {
      if (step > 0) return [{ text: 'Done.' }];
      return lastUserText === 'slow' ? [{ text: 'I think.', gate }, write('slow')] : [write(lastUserText)];
    },
  });
  const shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.commit('first');
  const { id: projectId } = await bench.server.projects.add(shop.path);
  made = await bench.make(projectId);
  bench.run(made, 'echo work >new; git branch other');
});
afterEach(async () => {
  openGate();
  await bench.close();
});

const settled = ({ state, move }: Workspace) => state === 'ready' && !move;
const done = (id: SessionId) =>
  bench.when(() => (['done', 'failed'].includes(bench.server.sessions.get(id).state) ? true : null));
const notices = (id: SessionId) =>
  bench.server.transcripts.items(id).flatMap((item) => (item.kind === 'notice' ? [item.text] : []));
const move = (now = false) => bench.server.workspaces.move(made.id, { host: far.hostId, now });

describe('a move of a workspace', { timeout: 60_000 }, () => {
  it('waits for a running turn, takes all along, and the session goes on there', async () => {
    const { sessions, workspaces, queue, transcripts } = bench.server;
    const { id } = sessions.create(made.id, null);
    sessions.prompt(id, 'slow', { model: null });
    await bench.model.whenRequested(1);
    expect(await move()).toMatchObject({ state: 'ready', move: { hostId: far.hostId, state: 'waiting' } });
    await expect(move()).rejects.toMatchObject({ code: 'workspace.move_refused' });
    queue.add({ sessionId: id, text: 'queued', attachments: [], model: null, notBefore: null });
    const before = transcripts.items(id).length;
    openGate();
    const moved = await bench.until(made.id, settled);
    expect(moved.hostId).toBe(far.hostId);
    expect(bench.run(moved, 'cat new slow; git branch --format="%(refname:short)"')).toBe(
      'work\nslow\nfix-checkout\nother\n',
    );
    expect(existsSync(made.directory ?? '')).toBe(false);
    expect(notices(id)).toContain(`The workspace moved from local to ${far.hostId}.`);
    await bench.when(() => (queue.list().length === 0 ? true : null));
    await done(id);
    expect(transcripts.items(id).length).toBeGreaterThan(before);
    // What waited was not sent in between: it was worked on over there.
    const order = transcripts.items(id).flatMap((item) => {
      if (item.kind === 'notice') return ['moved'];
      return item.kind === 'user_message' ? [item.text] : [];
    });
    expect(order).toEqual(['slow', 'moved', 'queued']);
    expect(bench.run(workspaces.get(made.id), 'cat queued')).toBe('queued\n');
    expect(bench.model.requests.at(-1)?.text).toContain('slow');
  });

  it('still waits after a restart, and still takes what it holds after another', async () => {
    const { id } = bench.server.sessions.create(made.id, null);
    bench.server.sessions.prompt(id, 'slow', { model: null });
    await bench.model.whenRequested(1);
    await move();
    await bench.restart();
    expect(bench.server.workspaces.get(made.id)).toMatchObject({
      state: 'ready',
      move: { state: 'waiting' },
    });
    bench.replaceRuntimes((runtime) => ({
      ...runtime,
      exec: async (command, options) => {
        if (!JSON.stringify(command).includes('Uncommitted work')) return runtime.exec(command, options);
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(new Error('cut')));
        });
      },
    }));
    openGate();
    await bench.until(made.id, ({ state, move: at }) => state === 'archiving' && at?.state === 'capturing');
    expect(() => bench.server.sessions.prompt(id, 'more', { model: null })).toThrow(/not ready/);
    bench.replaceRuntimes(null);
    await bench.restart();
    const moved = await bench.until(made.id, settled);
    expect(moved.hostId).toBe(far.hostId);
    expect(bench.run(moved, 'cat new slow')).toBe('work\nslow\n');
  });

  it('stops the turn where it is to be now, goes on after a restart, and comes back', async () => {
    const { sessions, terminals } = bench.server;
    const { id } = sessions.create(made.id, null);
    sessions.prompt(id, 'slow', { model: null });
    await terminals.open(made.id, { rows: 24, cols: 80 });
    await bench.model.whenRequested(1);
    let reached = () => {};
    const isThere = new Promise<void>((resolve) => (reached = resolve));
    bench.replaceRuntimes((runtime) => ({
      ...runtime,
      exec: async (command, options) => {
        if (!JSON.stringify(command).includes('stash store')) return runtime.exec(command, options);
        reached();
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(new Error('cut')));
        });
      },
    }));
    expect(await move(true)).toMatchObject({ state: 'creating', hostId: far.hostId });
    expect(sessions.get(id).state).toBe('idle');
    expect(terminals.list()).toEqual([]);
    await isThere;
    expect(existsSync(made.directory ?? '')).toBe(true);
    bench.replaceRuntimes(null);
    await bench.restart();
    const moved = await bench.until(made.id, settled);
    expect(bench.run(moved, 'cat new')).toBe('work\n');
    expect(existsSync(made.directory ?? '')).toBe(false);

    await bench.server.workspaces.move(made.id, { host: 'local', now: false });
    const back = await bench.until(made.id, settled);
    expect(back.hostId).toBe('local');
    expect(bench.run(back, 'cat new; git status --porcelain')).toBe('work\n?? new\n');
    expect(existsSync(moved.directory ?? '')).toBe(false);
  });

  it('leaves it working where it was when the new host fails, says why, and clears what was begun there', async () => {
    const { sessions, workspaces } = bench.server;
    const { id } = sessions.create(made.id, null);
    sessions.prompt(id, 'said', { model: null });
    await done(id);
    const steps = workspaces.get(made.id).steps;
    bench.replaceRuntimes((runtime) => ({
      ...runtime,
      exec: async (command, options) => {
        if (JSON.stringify(command).includes('stash store')) throw new FarhandError('disk.full');
        return runtime.exec(command, options);
      },
    }));
    await move();
    const there: string[] = [];
    const stays = await bench.until(made.id, (one) => {
      if (one.hostId === far.hostId && one.directory !== null) there.push(one.directory);
      return settled(one);
    });
    expect(stays).toMatchObject({ hostId: 'local', directory: made.directory, archive: null });
    expect(stays.steps).toEqual(steps);
    expect(existsSync(there[0] ?? '/')).toBe(false);
    expect(notices(id).at(-1)).toContain('could not be moved');
    expect(bench.run(stays, 'cat new said')).toBe('work\nsaid\n');
    sessions.prompt(id, 'more', { model: null });
    await done(id);
    expect(bench.run(stays, 'cat more')).toBe('more\n');

    bench.replaceRuntimes((runtime) =>
      runtime.hostId === far.hostId
        ? { ...runtime, facts: () => Promise.reject(new FarhandError('host.unreachable')) }
        : runtime,
    );
    await expect(move()).rejects.toMatchObject({ code: 'host.unreachable' });
    bench.replaceRuntimes(null);
    bench.run(
      made,
      'git init -q inner; git -C inner -c user.name=a -c user.email=a@b commit -q --allow-empty -m x',
    );
    await expect(move()).rejects.toMatchObject({
      code: 'workspace.move_refused',
      message: expect.stringContaining('inner'),
    });
    expect(workspaces.get(made.id)).toMatchObject({ state: 'ready', hostId: 'local', move: null });
    await expect(workspaces.move(made.id, { host: 'local', now: false })).rejects.toMatchObject({
      code: 'workspace.move_refused',
    });
  });

  it('is given up while it waits: it stays, what was queued goes on here, and it can move later', async () => {
    const { id } = bench.server.sessions.create(made.id, null);
    bench.server.sessions.prompt(id, 'slow', { model: null });
    await bench.model.whenRequested(1);
    await move();
    bench.server.queue.add({ sessionId: id, text: 'queued', attachments: [], model: null, notBefore: null });
    const stays = { state: 'ready', hostId: 'local', directory: made.directory, move: null };
    expect(await bench.server.workspaces.cancelMove(made.id)).toMatchObject(stays);
    expect(await bench.server.workspaces.cancelMove(made.id)).toMatchObject(stays);
    await bench.restart();
    openGate();
    await bench.when(() => (bench.server.queue.list().length === 0 ? true : null));
    await done(id);
    expect(bench.server.workspaces.get(made.id)).toMatchObject(stays);
    expect(bench.run(made, 'cat slow queued')).toBe('slow\nqueued\n');
    expect(notices(id)).toEqual([]);
    await move();
    expect((await bench.until(made.id, settled)).hostId).toBe(far.hostId);
    expect(await bench.server.workspaces.cancelMove(made.id)).toMatchObject({ hostId: far.hostId });
  });

  it('is given up while its files are fetched, and not once it is made on the new host', async () => {
    const holding = (words: string) => {
      let reached = () => {};
      const isThere = new Promise<void>((resolve) => (reached = resolve));
      bench.replaceRuntimes((runtime) => ({
        ...runtime,
        exec: async (command, options) => {
          if (!JSON.stringify(command).includes(words)) return runtime.exec(command, options);
          reached();
          return new Promise((_, reject) => {
            options?.signal?.addEventListener('abort', () => reject(new Error('cut')));
          });
        },
      }));
      return isThere;
    };
    const { workspaces } = bench.server;
    const isFetched = holding('Uncommitted work');
    const moving = move();
    await isFetched;
    const stays = { state: 'ready', hostId: 'local', directory: made.directory, move: null };
    const [end] = await Promise.all([moving.catch(() => 'given up'), workspaces.cancelMove(made.id)]);
    expect(end).toBe('given up');
    expect(workspaces.get(made.id)).toMatchObject(stays);
    expect(bench.run(made, 'cat new')).toBe('work\n');

    const isMade = holding('stash store');
    await move();
    await isMade;
    await expect(workspaces.cancelMove(made.id)).rejects.toMatchObject({ code: 'workspace.move_refused' });
    expect(workspaces.get(made.id).hostId).toBe(far.hostId);
    bench.replaceRuntimes(null);
    await bench.restart();
    expect((await bench.until(made.id, settled)).hostId).toBe(far.hostId);
  });

  it('ends where the server was killed between its arrival and the word of it', async () => {
    await move();
    const moved = await bench.until(made.id, settled);
    const from = { hostId: 'local', baseDirectory: null, directory: made.directory, steps: [] };
    const killed = JSON.stringify({ hostId: far.hostId, baseDirectory: null, state: 'making', from });
    bench.db.run(`UPDATE workspaces SET move = '${killed}' WHERE id = '${made.id}'`);
    await bench.restart();
    expect((await bench.until(made.id, settled)).directory).toBe(moved.directory);
  });

  it('clears the old host on its return, also after a restart, and frees both where it is deleted', async () => {
    let isAway = false;
    const refuse = () => Promise.reject(new FarhandError('host.unreachable'));
    const leaving = (runtime: Runtime): Runtime => {
      if (runtime.hostId !== 'local') return runtime;
      const guard =
        <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
        (...args: Args) =>
          isAway ? refuse() : work(...args);
      const { jobs } = runtime;
      return {
        ...runtime,
        exec: guard((command, options) => runtime.exec(command, options)),
        jobs: { ...jobs, list: guard((label) => jobs.list(label)), remove: guard((id) => jobs.remove(id)) },
      };
    };
    bench.replaceRuntimes(leaving);
    await move();
    isAway = true;
    const moved = await bench.until(made.id, ({ state }) => state === 'ready');
    expect(moved).toMatchObject({ hostId: far.hostId, move: { hostId: 'local', state: 'clearing' } });
    const back = () => bench.server.workspaces.move(made.id, { host: 'local', now: false });
    const refused = { code: 'workspace.move_refused' };
    await expect(back()).rejects.toMatchObject(refused);
    // As after another move from there: what is left to be done on the first host would take what comes back to it.
    const row = bench.db.get<{ move: string }>(`SELECT move FROM workspaces WHERE id = '${made.id}'`);
    bench.db.run(`UPDATE workspaces SET move = NULL WHERE id = '${made.id}'`);
    await expect(back()).rejects.toMatchObject(refused);
    bench.db.run(`UPDATE workspaces SET move = '${row?.move}' WHERE id = '${made.id}'`);
    expect(existsSync(made.directory ?? '')).toBe(true);
    await bench.restart();
    isAway = false;
    expect(outcomeOf(await bench.until(made.id, settled))).toBe('ready');
    expect(existsSync(made.directory ?? '')).toBe(false);

    const held = new Promise<never>(() => {});
    bench.replaceRuntimes((runtime) =>
      runtime.hostId === 'local'
        ? {
            ...runtime,
            exec: (command, options) =>
              JSON.stringify(command).includes('stash store') ? held : runtime.exec(command, options),
          }
        : runtime,
    );
    await bench.server.workspaces.move(made.id, { host: 'local', now: false });
    const halfway = await bench.until(made.id, ({ directory }) => directory !== null);
    await bench.server.workspaces.delete(made.id, { force: true, forget: false });
    await expect.poll(() => existsSync(moved.directory ?? '')).toBe(false);
    await expect.poll(() => existsSync(halfway.directory ?? '')).toBe(false);
    expect(bench.server.workspaces.list()).toEqual([]);
  });
});

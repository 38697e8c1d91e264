import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointId, TurnId } from '@farhand/shared/model/ids';
import { undoneItems } from '@farhand/shared/protocol/rewound';
import type { ModelScript } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from '../agents/builtin/testing/agent-bench.ts';

const PAGE = { kind: 'page' as const, name: null };
/** Writes what it is told: `a.txt one` writes “one” into a.txt. */
const writer: ModelScript = ({ lastUserText, step }) => {
  const [path = '', content = ''] = lastUserText.split(' ');
  if (step > 0 || content === '') return [{ text: `heard ${lastUserText}` }];
  return [{ call: { name: 'write_file', arguments: { path, content } } }];
};

let bench: AgentBench;
afterEach(() => bench.close());

async function start(options: Partial<BenchOptions> = {}): Promise<void> {
  bench = await AgentBench.start({ script: writer, files: { 'a.txt': 'zero' }, canRewind: true, ...options });
}

async function ask(text: string): Promise<TurnId> {
  await bench.promptAndWait(text);
  return bench.turn.turnId;
}

const rewind = (to: TurnId | CheckpointId, what: 'files' | 'conversation' | 'both', force = false) =>
  bench.server.checkpoints.rewind({ sessionId: bench.sessionId, to, what, force }, PAGE);
const preview = (to: TurnId | CheckpointId) => bench.server.checkpoints.preview(bench.sessionId, to);
const write = (path: string, content: string) => writeFileSync(join(bench.directory, path), content);
/** What the person said that still counts. */
const said = () => {
  const undone = undoneItems(bench.items);
  return bench.items.flatMap((item) =>
    item.kind === 'user_message' && !undone.has(item.id) ? [item.text] : [],
  );
};
const heard = () => bench.model.requests.at(-1)?.messages.filter(({ role }) => role === 'user').length;

describe('createCheckpoints', () => {
  it('takes back files and conversation of two turns, and gives them back', async () => {
    await start();
    await ask('a.txt one');
    const second = await ask('a.txt two');
    await ask('b.txt new');
    const look = await preview(second);
    expect(
      look.files.map(({ path, status, additions, deletions, isConflict }) => [
        path,
        status,
        additions,
        deletions,
        isConflict,
      ]),
    ).toEqual([
      ['a.txt', 'modified', 1, 1, false],
      ['b.txt', 'deleted', 0, 1, false],
    ]);
    expect(look).toMatchObject({ turns: 2, commits: null, isOriginKnown: true, conversationRefusal: null });
    const { patch } = await bench.server.checkpoints.diff({
      sessionId: bench.sessionId,
      to: second,
      path: 'a.txt',
    });
    expect(patch).toContain('-two\n');
    expect(patch).toContain('+one\n');
    const { undo, files } = await rewind(second, 'both');
    expect(files).toBe(2);
    expect(bench.file('a.txt')).toBe('one');
    expect(existsSync(join(bench.directory, 'b.txt'))).toBe(false);
    expect(said()).toEqual(['a.txt one']);
    await ask('hello');
    expect(heard()).toBe(2);
    // All of it again, and the message of meanwhile is gone.
    await rewind(undo, 'both');
    expect(bench.file('a.txt')).toBe('two');
    expect(bench.file('b.txt')).toBe('new');
    expect(said()).toEqual(['a.txt one', 'a.txt two', 'b.txt new']);
    await ask('hello');
    expect(heard()).toBe(4);
    expect(bench.server.audit.entries.map(({ kind, actor }) => [kind, actor.kind])).toEqual([
      ['file', 'page'],
      ['file', 'page'],
    ]);
  });

  it('takes back the conversation alone, or the files alone', async () => {
    await start();
    const first = await ask('a.txt one');
    await rewind(first, 'conversation');
    expect(bench.file('a.txt')).toBe('one');
    expect(said()).toEqual([]);
    const second = await ask('a.txt two');
    expect(heard()).toBe(1);
    await rewind(second, 'files');
    expect(bench.file('a.txt')).toBe('one');
    expect(said()).toEqual(['a.txt two']);
    expect((await preview(second)).files).toEqual([]);
  });

  it('gives back what several rewinds took, one into the other', async () => {
    await start();
    const first = await ask('one');
    await ask('two');
    const third = await ask('three');
    const { undo: beforeThird } = await rewind(third, 'conversation');
    await rewind(first, 'conversation');
    expect(said()).toEqual([]);
    await rewind(beforeThird, 'conversation');
    expect(said()).toEqual(['one', 'two', 'three']);
    await ask('four');
    expect(heard()).toBe(4);
  });

  it('refuses where a person edited since, names the files, and goes back by force', async () => {
    await start({ files: { 'a.txt': 'zero', 'mine.txt': 'mine' } });
    const first = await ask('a.txt one');
    write('a.txt', 'by hand');
    write('mine.txt', 'by hand');
    await ask('b.txt new');
    expect((await preview(first)).files.map(({ path, isConflict }) => [path, isConflict])).toEqual([
      ['a.txt', true],
      ['b.txt', false],
      ['mine.txt', true],
    ]);
    await expect(rewind(first, 'files')).rejects.toMatchObject({
      code: 'checkpoint.conflict',
      details: { paths: ['a.txt', 'mine.txt'], isBranchMoved: false },
    });
    expect(bench.file('a.txt')).toBe('by hand');
    const { undo } = await rewind(first, 'files', true);
    expect(bench.file('a.txt')).toBe('zero');
    expect(bench.file('mine.txt')).toBe('mine');
    // What the rewind itself did is nobody's edit.
    await rewind(undo, 'files');
    expect(bench.file('a.txt')).toBe('by hand');
  });

  it('refuses while an agent is at work', async () => {
    await start({
      script: ({ step }) =>
        step > 0
          ? [{ text: 'done' }]
          : [{ call: { name: 'bash', arguments: { command: 'until [ -e go ]; do sleep 0.05; done' } } }],
    });
    bench.prompt('wait');
    await bench.when(() => bench.calls.some(({ state }) => state === 'running'));
    await expect(rewind(bench.turn.turnId, 'files')).rejects.toMatchObject({ code: 'checkpoint.busy' });
    write('go', '');
    await bench.whenEnded();
  });

  it('says in the transcript why a turn cannot be rewound, and lets it run', async () => {
    await start({
      wrap: (runtime) => ({
        ...runtime,
        hostId: runtime.hostId,
        files: runtime.files,
        jobs: runtime.jobs,
        facts: () => runtime.facts(),
        connection: () => runtime.connection(),
        watchConnection: (listener) => runtime.watchConnection(listener),
        forward: (port) => runtime.forward(port),
        close: () => runtime.close(),
        exec: async (command, options) => {
          const result = await runtime.exec(command, options);
          const isOurs =
            'argv' in command && command.argv.some((word) => word.includes('farhand-checkpoint'));
          const stderr = new TextEncoder().encode('fatal: no space left on device\n');
          return isOurs ? { ...result, outcome: { kind: 'exited', code: 1 }, stderr } : result;
        },
      }),
    });
    const first = await ask('a.txt one');
    expect(bench.file('a.txt')).toBe('one');
    const notices = bench.items.flatMap((item) => (item.kind === 'notice' ? [item.text] : []));
    expect(notices).toEqual([
      expect.stringContaining('cannot be rewound: The files could not be kept: fatal: no space'),
    ]);
    expect(bench.server.checkpoints.list(bench.sessionId)).toMatchObject([{ id: first, hasFiles: false }]);
    await expect(rewind(first, 'both')).rejects.toMatchObject({ code: 'checkpoint.no_files' });
    await rewind(first, 'conversation');
    expect(said()).toEqual([]);
  });

  it('counts every file as a conflict where the end of a turn was not seen', async () => {
    await start();
    const first = await ask('a.txt one');
    const { db } = bench.server;
    db.run('UPDATE checkpoints SET ended = NULL' as never);
    const look = await preview(first);
    expect(look.isOriginKnown).toBe(false);
    expect(look.files).toMatchObject([{ path: 'a.txt', isConflict: true }]);
  });

  it.each(['APPLY', 'END'])('brings a rewind to its end that a killed server left (%s)', async (when) => {
    let isArmed = false;
    let hits = 0;
    await start({
      wrap: (runtime) =>
        new Proxy(runtime, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name);
            if (name !== 'exec') return typeof value === 'function' ? value.bind(target) : value;
            return async (...args: Parameters<typeof runtime.exec>) => {
              const [command] = args;
              const text = 'argv' in command ? command.argv.join(' ') : '';
              const isApply = text.includes('read-tree -m -u');
              if (isArmed && isApply && when === 'APPLY') {
                isArmed = false;
                // The first half of it, and nobody hears of it.
                rmSync(join(bench.directory, 'b.txt'));
                hits += 1;
                return new Promise<never>(() => {});
              }
              const result = await target.exec(...args);
              if (isArmed && isApply && when === 'END') {
                isArmed = false;
                hits += 1;
                return new Promise<never>(() => {});
              }
              return result;
            };
          },
        }),
    });
    const first = await ask('a.txt one');
    await ask('b.txt new');
    isArmed = true;
    void rewind(first, 'both').catch(() => {});
    await expect.poll(() => hits).toBe(1);
    bench.restart();
    await bench.when(() => bench.items.some(({ kind }) => kind === 'rewound'));
    expect(bench.file('a.txt')).toBe('zero');
    expect(existsSync(join(bench.directory, 'b.txt'))).toBe(false);
    expect(said()).toEqual([]);
    expect(bench.items.filter(({ kind }) => kind === 'rewound')).toHaveLength(1);
    await expect.poll(() => bench.server.checkpoints.isRewinding(bench.workspaceId)).toBe(false);
    await ask('hello');
    expect(heard()).toBe(1);
  });
});

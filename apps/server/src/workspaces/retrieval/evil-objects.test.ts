import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../testing/bench.ts';
import type { TestRepository } from '../testing/repository.ts';

let bench: Bench;
let shop: TestRepository;
let projectId: ProjectId;
let directory: string;
let fetch: () => Promise<unknown>;
let before: string;

beforeAll(async () => {
  bench = openBench();
  shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.commit('first');
  ({ id: projectId } = await bench.projects.add(shop.path));
  const made = await bench.make({ projectId });
  directory = made.directory ?? '';
  fetch = () => bench.workspaces.fetch(made.id);
  before = everything();
});
afterAll(() => bench.close());

const everything = () =>
  [shop.git('for-each-ref'), shop.git('count-objects', '-v'), shop.git('status', '--porcelain')].join('\n');

const git = (args: string[], input: string | Buffer = '') =>
  execFileSync('git', args, { cwd: directory, input, env: { PATH: process.env.PATH, HOME: directory } })
    .toString()
    .trim();
const raw = (type: string, bytes: string | Buffer) =>
  git(['hash-object', '-t', type, '-w', '--literally', '--stdin'], bytes);
const blob = (text: string) => raw('blob', text);
const entry = (mode: string, name: string, hash: string) =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(hash, 'hex')]);
const tree = (...entries: Buffer[]) => raw('tree', Buffer.concat(entries));
const WHO = 'Eve <eve@example.org> 1700000000 +0000';
const commitOf = (hash: string, parents = [shop.git('rev-parse', 'main')]) =>
  raw(
    'commit',
    [
      `tree ${hash}`,
      ...parents.map((one) => `parent ${one}`),
      `author ${WHO}`,
      `committer ${WHO}`,
      '',
      'evil\n',
    ].join('\n'),
  );
/** Puts the workspace's branch there without git's own look at it. */
const point = (hash: string) =>
  writeFileSync(path.join(directory, '.git/refs/heads/fix-checkout'), `${hash}\n`);
const file = () => blob('content\n');

const EVIL: [string, () => string, RegExp][] = [
  ['a folder .git', () => tree(entry('40000', '.git', tree(entry('100644', 'config', file())))), /hasDotgit/],
  ['a file .GIT', () => tree(entry('100644', '.GIT', file())), /hasDotgit/],
  ['a name that HFS+ takes for .git', () => tree(entry('100644', '.g\u200cit', file())), /hasDotgit/],
  ['a name that NTFS takes for .git', () => tree(entry('100644', 'git~1', file())), /hasDotgit/],
  ['a folder ..', () => tree(entry('40000', '..', tree(entry('100644', 'up', file())))), /hasDotdot/],
  ['a folder .', () => tree(entry('40000', '.', tree(entry('100644', 'same', file())))), /hasDot/],
  ['a path in a name', () => tree(entry('100644', 'a/b', file())), /fullPathname/],
  ['an empty name', () => tree(entry('100644', '', file())), /emptyName|empty filename/],
  [
    'the same name twice',
    () => tree(entry('100644', 'a', file()), entry('100644', 'a', file())),
    /duplicateEntries/,
  ],
  [
    'names out of order',
    () => tree(entry('100644', 'b', file()), entry('100644', 'a', file())),
    /treeNotSorted/,
  ],
  ['a mode with a zero before it', () => tree(entry('0100644', 'a', file())), /zeroPaddedFilemode/],
  ['a hash of zeros', () => tree(entry('160000', 'a', '0'.repeat(40))), /nullSha1/],
  [
    'an option as the URL of a submodule',
    () => modules('[submodule "a"]\n\tpath = a\n\turl = -u./payload\n'),
    /gitmodulesUrl/,
  ],
  [
    'an option as the path of a submodule',
    () => modules('[submodule "a"]\n\tpath = -p\n\turl = https://example.org/a\n'),
    /gitmodulesPath/,
  ],
  [
    'a submodule named ..',
    () => modules('[submodule "../../hooks"]\n\tpath = a\n\turl = https://example.org/a\n'),
    /gitmodulesName/,
  ],
  [
    'a command as the update of a submodule',
    () => modules('[submodule "a"]\n\tpath = a\n\turl = https://example.org/a\n\tupdate = !touch /tmp/x\n'),
    /gitmodulesUpdate/,
  ],
  [
    '.gitmodules as a link',
    () => tree(entry('120000', '.gitmodules', blob('/etc/passwd'))),
    /gitmodulesSymlink/,
  ],
  ['a tree cut short', () => raw('tree', Buffer.from('100644 a\0short')), /badTree|too-short tree/],
];

function modules(text: string): string {
  return tree(entry('100644', '.gitmodules', blob(text)));
}

const isRefused = async (reason: RegExp) => {
  await expect(fetch()).rejects.toMatchObject({
    code: 'workspace.fetch_refused',
    message: expect.stringMatching(reason),
  });
  expect(everything()).toBe(before);
  expect(readdirSync(path.join(bench.folder, 'scratch'))).toEqual([]);
};

describe('fetching from a host whose objects are evil', () => {
  it.each(EVIL)('refuses %s', async (_what, make, reason) => {
    point(commitOf(make()));
    await isRefused(reason);
  });

  it('refuses a commit without an author, and one of a forged date', async () => {
    const hash = tree(entry('100644', 'a', file()));
    point(raw('commit', `tree ${hash}\n\nnobody\n`));
    await isRefused(/missingAuthor|invalid format/);
    point(
      raw('commit', `tree ${hash}\nauthor Eve <e@e> 99999999999999999999 +0000\ncommitter ${WHO}\n\nx\n`),
    );
    await isRefused(/badDateOverflow|invalid author/);
  });

  it('refuses a history with a hole', async () => {
    const lost = blob('gone\n');
    const hash = commitOf(tree(entry('100644', 'a', lost)));
    point(hash);
    rmSync(path.join(directory, '.git/objects', lost.slice(0, 2), lost.slice(2)));
    await isRefused(/./);
  });

  /** What the host answers to our script, in place of what it would. */
  const answer = (pieces: () => Iterable<Uint8Array>) =>
    bench.replaceRuntime(
      (runtime): Runtime => ({
        ...runtime,
        async exec(command, options) {
          if (!JSON.stringify(command).includes('pack-objects')) return runtime.exec(command, options);
          for (const piece of pieces()) {
            if (options?.signal?.aborted)
              return { outcome: { kind: 'cancelled' }, stdout: new Uint8Array(), stderr: new Uint8Array() };
            await options?.onStdout?.(piece);
          }
          return { outcome: { kind: 'exited', code: 0 }, stdout: new Uint8Array(), stderr: new Uint8Array() };
        },
      }),
    );
  const says = async (text: string | Buffer, reason: RegExp) => {
    answer(() => [Buffer.from(text)]);
    await isRefused(reason);
    bench.replaceRuntime(null);
  };
  const main = () => shop.git('rev-parse', 'main');
  const emptyPack = () =>
    execFileSync('git', ['pack-objects', '--stdout', '-q'], { cwd: shop.path, input: '' });
  const packed = (head: string, pack: Buffer) =>
    Buffer.concat([Buffer.from(`farhand 1\nhead ${head}\npack\n`), pack]);

  it('refuses answers that are not of the agreed form', async () => {
    await says('', /ended before the pack/);
    await says('hello\npack\n', /does not begin as agreed/);
    await says('farhand 1\nhead ../../x\npack\n', /cannot be read/);
    await says(`farhand 1\nhead ${main()} refs/heads/../x\npack\n`, /no name|is none/);
    await says(`farhand 1\nhead ${main()}\nhead ${main()}\npack\n`, /cannot be read/);
    await says('farhand 1\npack\n', /names no commit/);
  });

  it('refuses a pack that is cut, garbage, or lacks what it names', async () => {
    await says(packed(main(), Buffer.alloc(0)), /early EOF|git does not take/);
    await says(packed(main(), Buffer.from('PACK\0\0\0\x02\xff\xff\xff\xff', 'latin1')), /git does not take/);
    await says(packed(main(), Buffer.from('garbage')), /git does not take/);
    await says(packed('1'.repeat(40), emptyPack()), /no commit that the host sent/);
    await says(packed(shop.git('rev-parse', 'main^{tree}'), emptyPack()), /no commit that the host sent/);
  });

  it('stops reading a list without an end, and output without an end', async () => {
    const line = Buffer.from(`ref ${'a'.repeat(40)} refs/heads/${'x'.repeat(200)}\n`.repeat(256));
    let pieces = 0;
    function* endless(first: string, piece: Buffer) {
      yield Buffer.from(first);
      for (pieces = 0; pieces < 1_000_000; pieces += 1) yield piece;
    }
    answer(() => endless('farhand 1\n', line));
    await isRefused(/has no end/);
    expect(pieces).toBeLessThan(100);
    answer(() => endless(`farhand 1\nhead ${main()}\npack\n`, Buffer.alloc(65536)));
    await isRefused(/git does not take/);
    expect(pieces).toBeLessThan(1000);
    bench.replaceRuntime(null);
  });

  it('gives an object no memory for what its header claims', async () => {
    // A pack of one tree that claims 4 GiB: type 2, the size in groups of seven bits.
    const size = [0xa0, 0x80, 0x80, 0x80, 0x80, 0x01];
    const pack = Buffer.concat([
      Buffer.from('PACK\0\0\0\x02\0\0\0\x01', 'latin1'),
      Buffer.from(size),
      Buffer.alloc(4096),
    ]);
    await says(packed(main(), pack), /over limit/);
  });

  it('asks nothing of hooks, fsmonitor and filters of the workspace, and takes what is sound', async () => {
    const mark = path.join(bench.folder, 'ran');
    git(['config', 'core.fsmonitor', `touch ${mark}; false`]);
    git(['config', 'core.hooksPath', path.join(directory, 'hooks')]);
    git(['config', 'uploadpack.packObjectsHook', `touch ${mark}; false`]);
    const sound = commitOf(tree(entry('100644', 'a', file())));
    point(sound);
    expect(await fetch()).toMatchObject({ commit: sound, commits: 1 });
    expect(readdirSync(bench.folder)).not.toContain('ran');
  });
});

/** Real trees with odd names, for tests of checkpoints: made at random from a seed, changed at random, and read byte for byte. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { newId } from '@farhand/shared/model/ids';
import type { FilesPlace } from '../host/files-at.ts';

export interface TestTree extends FilesPlace {
  readonly folder: string;
  git(...args: string[]): string;
  /** Kind, mode and content of everything but `.git` and empty folders, by the bytes of its name. */
  read(): Map<string, string>;
  /** The index as git lists it. */
  index(): string;
  close(): void;
}

/** A new repository with one commit. */
export function makeTree(): TestTree {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'farhand-tree-')));
  const directory = path.join(folder, 'work');
  const home = path.join(folder, 'home');
  mkdirSync(directory);
  mkdirSync(home);
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', ...args], {
      cwd: directory,
      env,
      encoding: 'latin1',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  git('init', '-q', '-b', 'main');
  writeFileSync(path.join(directory, 'first.txt'), 'first\n');
  git('add', '-A');
  git('commit', '-qm', 'first');
  const runtime = createLocalRuntime({ home, environment: { PATH: process.env.PATH } });
  return {
    folder,
    directory,
    runtime,
    workspaceId: newId('workspace'),
    git,
    read: () => readTree(directory),
    index: () => git('ls-files', '-s', '-z'),
    close() {
      void runtime.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** See `TestTree.read`. */
export function readTree(root: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (folder: Buffer, shown: string) => {
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      if (shown === '' && name.toString() === '.git') continue;
      const whole = Buffer.concat([folder, Buffer.from('/'), name]);
      const key = shown + name.toString('latin1');
      const stat = lstatSync(whole);
      if (stat.isDirectory()) visit(whole, `${key}/`);
      else if (stat.isSymbolicLink()) found.set(key, `link ${readlinkSync(whole, 'latin1')}`);
      else found.set(key, `${(stat.mode & 0o777).toString(8)} ${readFileSync(whole).toString('latin1')}`);
    }
  };
  visit(Buffer.from(root), '');
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Numbers from 0 up to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NAMES = [
  'a',
  'b',
  'c d',
  '-x',
  '*',
  '[q]',
  'é',
  'line\nbreak',
  '\xff\xfe',
  ' ',
  "'",
  '"',
  '$(x)',
  'a.log',
  '\\',
  'end\n',
  'tab\t',
  '#n',
  '!n',
  'b ',
  ':(top)',
];
const FOLDERS = ['', 'sub/', 'sub/deep/', 'dir\nline/', 'ignored/', 'ignored/in/', 'z z/'];
const CONTENTS = ['', 'one\n', 'two\r\nlines\r\n', '\0\x01binary\xff', 'no end', '$Id$\n', 'x'.repeat(5000)];
const MODES = [0o644, 0o755];

/** One random change of the tree: a file, a symlink or a folder comes, changes, or goes. */
export function mutate(directory: string, random: () => number): void {
  const pick = <One>(from: readonly One[]): One => from[Math.floor(random() * from.length)] as One;
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  const at = Buffer.concat([bytes(`${directory}/`), bytes(pick(FOLDERS)), bytes(pick(NAMES))]);
  const kind = random();
  try {
    if (kind < 0.25)
      return rmSync(at.toString('latin1') === '' ? '' : toPath(at), { recursive: true, force: true });
    const parent = at.subarray(0, at.lastIndexOf('/'));
    makeFolder(parent, directory);
    if (kind < 0.4) {
      rmSync(toPath(at), { recursive: true, force: true });
      return symlinkSync(pick(['nowhere', '/etc', '..', 'a', '../outside']), at);
    }
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(toPath(at));
    if (lstatSync(at, { throwIfNoEntry: false })?.isDirectory()) rmSync(toPath(at), { recursive: true });
    writeFileSync(at, bytes(pick(CONTENTS)));
    chmodSync(at, pick(MODES));
  } catch (error) {
    throw new Error(`could not change ${JSON.stringify(at.toString('latin1'))}`, { cause: error });
  }
}

// `rm` takes no bytes in its types, but does.
const toPath = (bytes: Buffer): string => bytes as unknown as string;

// Where a file or a symlink is in the way of a folder, it goes.
function makeFolder(folder: Buffer, root: string): void {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  if (stat) rmSync(toPath(folder));
  if (folder.toString() !== root) makeFolder(folder.subarray(0, folder.lastIndexOf('/')), root);
  mkdirSync(folder);
}

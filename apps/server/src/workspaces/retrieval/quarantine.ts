import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { gitReason } from '../../git/errors.ts';
import type { Git } from '../../git/git.ts';

/**
 * A fresh bare repository for objects from a host. It reads the objects of repositories of ours and gives nothing to
 * them: what is refused is gone with it.
 */
export interface Quarantine {
  readonly git: Git;
  /** Takes a pack that is whole and sound by git's own strictest checks. Throws `workspace.fetch_refused`. */
  take(pack: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void>;
  /**
   * Keeps each tip as its ref, once everything that they need is here or in the repositories of ours; what `known` needs
   * is taken to be complete. Throws `workspace.fetch_refused`, also for a tip of another type.
   */
  keepTips(tips: readonly Tip[], known: readonly string[]): Promise<void>;
  /**
   * To be called before anything of it may go to a host. Throws `workspace.fetch_refused` where the tips lead to a commit
   * that is here though it did not come with the pack, and `known` does not hold it: a host that knows the hash of a
   * commit would get it, with all that it holds.
   */
  refuseUnsent(tips: readonly Tip[], known: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

export interface Tip {
  readonly ref: string;
  /** 40 hex digits, as the host said. */
  readonly object: string;
  readonly types: readonly ('commit' | 'tag')[];
}

const TAKE_TIMEOUT_MS = 60 * 60_000;
const CHECK_TIMEOUT_MS = 10 * 60_000;
/**
 * Git allocates what an object's header claims, before it has seen a byte of it. Larger blobs are streamed: git takes no
 * room for them, and nothing else in a repository is as large.
 */
const LIMITS = { GIT_ALLOC_LIMIT: '600m' };
const STREAMED = ['-c', 'core.bigFileThreshold=256m', '-c', 'pack.threads=1'];

/** In `scratchDirectory`, over the objects of `sources`; of the first also the list of commits without parents (shallow). */
export async function openQuarantine(
  sources: readonly [Git, ...Git[]],
  scratchDirectory: string,
): Promise<Quarantine> {
  const alternates = await Promise.all(sources.map(objectsOf));
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 });
  const directory = await mkdtemp(path.join(scratchDirectory, 'quarantine-'));
  const git = sources[0].bare(directory);
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await git.text(['init', '--quiet', '--bare', '--template=', directory]);
    await mkdir(path.join(directory, 'objects/info'), { recursive: true });
    await writeFile(
      path.join(directory, 'objects/info/alternates'),
      `${alternates.map(quoted).join('\n')}\n`,
    );
    const shallow = await shallowListOf(sources[0]);
    if (shallow) await writeFile(path.join(directory, 'shallow'), shallow);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    git,
    remove,
    take: (...given) => take(git, ...given),
    keepTips: (...given) => keepTips(git, ...given),
    refuseUnsent: (...given) => refuseUnsent(git, ...given),
  };
}

async function take(git: Git, pack: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
  const source = watched(pack);
  const args = [
    ...STREAMED,
    'index-pack',
    '--strict',
    '--fix-thin',
    '--stdin',
    `--max-input-size=${maxBytes}`,
  ];
  const { code, stderr } = await git.run(args, {
    stdin: source.pack,
    env: LIMITS,
    timeoutMs: TAKE_TIMEOUT_MS,
  });
  // Why the host stopped tells more than that git misses the rest.
  const failure = source.failure();
  if (failure !== null) throw failure;
  if (code !== 0) throw refused(`git does not take what the host sent: ${reason(stderr)}`);
}

/** The pack, and why it ended early. */
function watched(pack: AsyncIterable<Uint8Array>) {
  let failure: unknown = null;
  const source = pack[Symbol.asyncIterator]();
  const next = async () => {
    try {
      return await source.next();
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  // Git that ends before the pack does breaks off at the yield, which is no failure of the source.
  async function* watch(): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = await next(); !piece.done; piece = await next()) yield piece.value;
    } finally {
      await source.return?.();
    }
  }
  return { pack: watch(), failure: () => failure };
}

async function keepTips(git: Git, tips: readonly Tip[], known: readonly string[]): Promise<void> {
  const objects = tips.map(({ object }) => object);
  const answers = await git.text(['cat-file', '--batch-check=%(objecttype)'], {
    stdin: lines(objects),
    env: LIMITS,
  });
  for (const [index, answer] of answers.split('\n').entries()) {
    const { object = '', types = [] } = tips[index] ?? {};
    if (!types.some((type) => type === answer))
      throw refused(`${object.slice(0, 12)} is no commit that the host sent.`);
  }
  const walk = await git.run(['rev-list', '--objects', '--quiet', '--stdin'], {
    stdin: lines([...objects, ...known.map((commit) => `^${commit}`)]),
    env: LIMITS,
    timeoutMs: CHECK_TIMEOUT_MS,
  });
  if (walk.code !== 0) throw refused(`The history that the host sent is not whole: ${reason(walk.stderr)}`);
  await git.text(['update-ref', '--stdin'], {
    stdin: lines(tips.map(({ ref, object }) => `create ${ref} ${object}`)),
  });
}

async function refuseUnsent(git: Git, tips: readonly Tip[], known: readonly string[]): Promise<void> {
  const objects = tips.map(({ object }) => object);
  const options = { env: LIMITS, timeoutMs: CHECK_TIMEOUT_MS };
  const [types, commits] = await Promise.all([
    git.text(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
      ...options,
      stdin: lines(objects),
    }),
    git.text(['rev-list', '--stdin'], {
      ...options,
      stdin: lines([...objects, ...known.map((commit) => `^${commit}`)]),
    }),
  ]);
  const tags = types.split('\n').flatMap((line) => (line.endsWith(' tag') ? line.slice(0, 40) : []));
  const unsent = new Set([...commits.split('\n'), ...tags].filter(Boolean));
  const folder = path.join(git.directory, 'objects/pack');
  for (const name of await readdir(folder).catch(() => []))
    if (name.endsWith('.idx')) await removeListed(git, path.join(folder, name), unsent);
  const [first] = unsent;
  if (first !== undefined) throw refused(`The host names ${first.slice(0, 12)}, which it was never given.`);
}

/** Takes the objects of a pack's index out of `names`; line by line, since there may be millions. */
async function removeListed(git: Git, index: string, names: Set<string>): Promise<void> {
  let rest = '';
  for await (const piece of git.stream(['show-index'], { stdin: createReadStream(index) })) {
    const listed = (rest + Buffer.from(piece).toString('latin1')).split('\n');
    rest = listed.pop() ?? '';
    for (const line of listed) names.delete(line.split(' ')[1] ?? '');
  }
}

const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

async function objectsOf(git: Git): Promise<string> {
  return path.resolve(git.directory, await git.text(['rev-parse', '--git-path', 'objects']));
}

async function shallowListOf(git: Git): Promise<string | null> {
  const file = path.resolve(git.directory, await git.text(['rev-parse', '--git-path', 'shallow']));
  return readFile(file, 'utf8').catch(() => null);
}

// A line is a path; one that begins with a quote is read as a C string.
function quoted(file: string): string {
  return `"${file.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

function refused(message: string): FarhandError {
  return new FarhandError('workspace.fetch_refused', { message });
}

// Git repeats names that the host chose. What is wrong with an object stands before the line that says that one is.
function reason(stderr: string): string {
  const text = stderr.replace(/[^\P{Cc}\n]/gu, ' ');
  const object = text.split('\n').find((line) => /^error: object [0-9a-f]{40}: /.test(line));
  return object?.slice(0, 500) ?? gitReason(text);
}

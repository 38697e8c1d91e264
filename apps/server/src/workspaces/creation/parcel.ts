/** Decides on the server's machine what travels to the host, and packs it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { TransferMode } from '@farhand/shared/model/workspaces';
import type { Git } from '../../git/git.ts';
import type { Scratch } from './scratch.ts';

/** What a host gets: a commit with its tree, and the lists that its repository needs beside the pack. */
export interface Parcel {
  /** The commit that the workspace starts from; of `tree_only` a root commit made for it. */
  readonly commit: string;
  readonly tree: string;
  /** Commits whose parents the person's repository does not have itself (a shallow clone). */
  readonly shallow: readonly string[];
}

export interface ParcelRequest {
  readonly git: Git;
  readonly scratch: Scratch;
  readonly mode: TransferMode;
  readonly branch: string;
  /** Of an earlier try: used again while the repository has it, so that a retry continues the same workspace. */
  readonly knownCommit: string | null;
}

const HASH = /^[0-9a-f]{40}$/;
const TREE_SUBJECT = 'The files of ';

/** Throws `project.branch_not_found`. */
export async function makeParcel({
  git,
  scratch,
  mode,
  branch,
  knownCommit,
}: ParcelRequest): Promise<Parcel> {
  const source =
    (mode !== 'tree_only' && (await resolveCommit(git, knownCommit))) || (await branchCommit(git, branch));
  const commit = mode === 'tree_only' ? await rootCommit(git, scratch, source) : source;
  const tree = await git.text(['rev-parse', '--verify', `${commit}^{tree}`], { env: scratch.env });
  return { commit, tree, shallow: mode === 'tree_only' ? [] : await shallowCommits(git) };
}

/** The commit of a local branch. Throws `project.branch_not_found`. */
export async function branchCommit(git: Git, branch: string): Promise<string> {
  // show-ref takes an exact name, where rev-parse would also read `main~3` or `main@{yesterday}`.
  const result = await git.run(['show-ref', '--verify', '--hash', `refs/heads/${branch}`]);
  const commit = result.stdout.toString('utf8').trim();
  if (result.code !== 0 || commit === '') {
    throw new FarhandError('project.branch_not_found', {
      message: `The repository has no branch “${branch}”.`,
      details: { branch },
    });
  }
  if (!HASH.test(commit))
    throw new FarhandError('workspace.transfer_failed', {
      message: 'Repositories with SHA-256 objects cannot be sent yet.',
    });
  return commit;
}

async function resolveCommit(git: Git, revision: string | null): Promise<string | null> {
  if (revision === null) return null;
  const result = await git.run(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  return result.code === 0 ? result.stdout.toString('utf8').trim() : null;
}

/** The same source always gives the same root commit, so that a host's cache can know it. */
async function rootCommit(git: Git, scratch: Scratch, source: string): Promise<string> {
  const [tree = '', seconds = ''] = (
    await git.text(['show', '--no-patch', '--no-show-signature', '--format=%T %ct', source])
  ).split(' ');
  const who = { NAME: 'Farhand', EMAIL: 'farhand@localhost', DATE: `${seconds} +0000` };
  const identity = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value]),
    ),
  );
  return git.text(
    [
      '-c',
      'i18n.commitEncoding=UTF-8',
      'commit-tree',
      '--no-gpg-sign',
      '-m',
      `${TREE_SUBJECT}${source}`,
      tree,
    ],
    { env: { ...scratch.env, ...identity } },
  );
}

/** Commits whose parents the repository does not have itself. */
export async function shallowCommits(git: Git): Promise<string[]> {
  const file = path.resolve(git.directory, await git.text(['rev-parse', '--git-path', 'shallow']));
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => HASH.test(line))
    .slice(0, 1000);
}

/** Those of the commits that a host claims to have which are here too; others cannot help to make a pack. */
export async function commonCommits(
  git: Git,
  scratch: Scratch,
  claimed: readonly { commit: string; subject: string }[],
): Promise<string[]> {
  if (claimed.length === 0) return [];
  await rebuildRootCommits(git, scratch, claimed);
  const stdin = claimed.map(({ commit }) => `${commit}\n`).join('');
  const result = await git.run(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    stdin,
    env: scratch.env,
  });
  return result.stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => (line.endsWith(' commit') ? line.slice(0, 40) : []));
}

// A root commit sent earlier is in no repository of ours; it is made again from the source that its subject names.
async function rebuildRootCommits(
  git: Git,
  scratch: Scratch,
  claimed: readonly { subject: string }[],
): Promise<void> {
  for (const { subject } of claimed.slice(0, 20)) {
    const source = subject.startsWith(TREE_SUBJECT) ? subject.slice(TREE_SUBJECT.length) : '';
    if (HASH.test(source) && (await resolveCommit(git, source)) !== null)
      await rootCommit(git, scratch, source);
  }
}

/** A pack of what the commits need and `have` does not; thin, so the receiver completes it from what it has. */
export function packCommits(
  git: Git,
  scratch: Scratch,
  pack: { commits: readonly string[]; have: readonly string[]; signal: AbortSignal },
): AsyncIterable<Uint8Array> {
  const stdin = [...pack.commits, ...pack.have.map((commit) => `^${commit}`), ''].join('\n');
  const args = ['pack-objects', '--revs', '--stdout', '--thin', '--delta-base-offset', '-q'];
  return git.stream(args, { stdin, env: scratch.env, signal: pack.signal });
}

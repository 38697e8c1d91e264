/** Looks at a repository on the server's machine. */
import { readFileSync, statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { gitReason } from '../git/errors.ts';
import { createGit, type Environment, type Git } from '../git/git.ts';

/**
 * The real path of the repository that `folder` is in: its top level, or the folder of a bare one. Throws
 * `project.path_missing`, `project.not_a_repository` and `project.empty`.
 */
export async function locateRepository(folder: string, environment: Environment): Promise<string> {
  const real = await realFolder(folder);
  const git = createGit(real, environment);
  const top = await topLevel(git);
  await checkHasCommits(createGit(top, environment));
  return top;
}

async function realFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if ((await stat(real)).isDirectory()) return real;
  } catch (cause) {
    throw new FarhandError('project.path_missing', {
      message: `There is no folder ${folder} on the server’s machine.`,
      cause,
    });
  }
  throw new FarhandError('project.path_missing', { message: `${folder} is not a folder.` });
}

async function topLevel(git: Git): Promise<string> {
  const bare = await git.run(['rev-parse', '--is-bare-repository']);
  if (bare.code !== 0) throw notARepository(git.directory, bare.stderr);
  const isBare = bare.stdout.toString('utf8').trim() === 'true';
  const found = await git.run(['rev-parse', isBare ? '--absolute-git-dir' : '--show-toplevel']);
  if (found.code !== 0) throw notARepository(git.directory, found.stderr);
  return realpath(found.stdout.toString('utf8').replace(/\n$/, ''));
}

function notARepository(folder: string, stderr: string): FarhandError {
  if (/not a git repository/.test(stderr)) {
    return new FarhandError('project.not_a_repository', { message: `${folder} is no git repository.` });
  }
  // As “dubious ownership”: git knows better than our sentence what to do.
  return new FarhandError('project.not_a_repository', {
    message: `git cannot use ${folder}: ${gitReason(stderr)}`,
    hint: 'Mend what git says, then add it again.',
  });
}

async function checkHasCommits(git: Git): Promise<void> {
  const refs = await git.text(['for-each-ref', '--count=1', '--format=%(objectname)', 'refs/heads/']);
  if (refs === '')
    throw new FarhandError('project.empty', { message: `${git.directory} has no commit on a branch yet.` });
}

/** Names of the local branches, sorted. isomorphic-git reads them without a process; what it cannot read, git does. */
export async function listBranches(git: Git): Promise<string[]> {
  const gitdir = gitDirectory(git.directory);
  // A linked worktree keeps its branches elsewhere, which isomorphic-git does not follow.
  if (gitdir && !isFile(path.join(gitdir, 'commondir'))) {
    const branches = await readBranches(gitdir);
    if (branches.length > 0) return branches.toSorted();
  }
  const text = await git.text(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/']);
  return text.split('\n').filter(Boolean).toSorted();
}

// Loaded on first use: it costs start time and memory that a server at rest need not pay.
async function readBranches(gitdir: string): Promise<string[]> {
  const [{ default: isomorphic }, fs] = await Promise.all([import('isomorphic-git'), import('node:fs')]);
  return isomorphic.listBranches({ fs, gitdir }).catch(() => []);
}

/** The branch that HEAD names; null where it is detached or cannot be read. */
export function headBranch(repository: string): string | null {
  const gitdir = gitDirectory(repository);
  const head = gitdir && readText(path.join(gitdir, 'HEAD'));
  return (head && /^ref: refs\/heads\/(?<branch>.+)$/.exec(head.trim())?.groups?.branch) || null;
}

function gitDirectory(repository: string): string | null {
  const inside = path.join(repository, '.git');
  const pointer = readText(inside);
  const target = pointer && /^gitdir: (?<target>.+)$/.exec(pointer.trim())?.groups?.target;
  if (target) return path.resolve(repository, target);
  if (isFile(path.join(inside, 'HEAD'))) return inside;
  return isFile(path.join(repository, 'HEAD')) ? repository : null;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function readText(file: string): string | null {
  try {
    return isFile(file) ? readFileSync(file, 'utf8') : null;
  } catch {
    return null;
  }
}

import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { gitReason } from '../../git/errors.ts';
import type { Git } from '../../git/git.ts';
import type { Scratch } from './scratch.ts';

/** A first look at many untracked files reads and hashes all of them. */
const ADD_TIMEOUT_MS = 5 * 60_000;

/**
 * A commit on top of `base` that holds the checkout's files as they are now: tracked, and untracked that are not
 * ignored. Made in the scratch room with an index of our own; the person's index, stash and objects stay as they are.
 * Null where nothing differs.
 */
export async function commitUncommitted(git: Git, scratch: Scratch, base: string): Promise<string | null> {
  const env = { ...scratch.env, GIT_INDEX_FILE: scratch.indexFile };
  // With the file times of the person's index only changed files are read; without an index all are.
  const index = path.resolve(git.directory, await git.text(['rev-parse', '--git-path', 'index']));
  await copyFile(index, scratch.indexFile).catch(() => {});
  const added = await git.run(['-c', 'core.safecrlf=false', 'add', '--all', '--', '.'], {
    env,
    timeoutMs: ADD_TIMEOUT_MS,
  });
  if (added.code !== 0) {
    throw new FarhandError('workspace.transfer_failed', {
      message: `The uncommitted changes could not be read: ${gitReason(added.stderr)}`,
      hint: 'Mend what git says, or send the history without the changes.',
    });
  }
  const tree = await git.text(['write-tree'], { env });
  if (tree === (await git.text(['rev-parse', '--verify', `${base}^{tree}`]))) return null;
  const identity = {
    GIT_AUTHOR_NAME: 'Farhand',
    GIT_AUTHOR_EMAIL: 'farhand@localhost',
    GIT_COMMITTER_NAME: 'Farhand',
    GIT_COMMITTER_EMAIL: 'farhand@localhost',
  };
  return git.text(['commit-tree', '--no-gpg-sign', '-p', base, '-m', 'Uncommitted changes', tree], {
    env: { ...env, ...identity },
  });
}

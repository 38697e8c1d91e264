import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../../git/git.ts';

/**
 * Room for git objects that the person's repository must not get: what is made to be sent goes here, while all of the
 * repository's own objects can be read. Its index is a file of ours, too.
 */
export interface Scratch {
  readonly folder: string;
  readonly indexFile: string;
  /** For every git run that shall see or make scratch objects. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** In `parent`, which is made where it is missing. What a killed server left there is the next one's to remove. */
export async function openScratch(git: Git, parent: string): Promise<Scratch> {
  const objects = path.resolve(git.directory, await git.text(['rev-parse', '--git-path', 'objects']));
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(parent, 'pack-'));
  const own = path.join(folder, 'objects');
  await mkdir(own);
  return {
    folder,
    indexFile: path.join(folder, 'index'),
    env: { GIT_OBJECT_DIRECTORY: own, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(objects) },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

// The variable is a list with colons; git reads a quoted entry as a C string.
function quoted(file: string): string {
  return `"${file.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

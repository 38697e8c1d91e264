import type { Git } from '../../git/git.ts';
import type { Scratch } from './scratch.ts';

/** What a tree holds that creation has to know or say. */
export interface Contents {
  /** Null for a tree too large to be listed. */
  readonly files: number | null;
  readonly submodules: number;
  readonly hasLfs: boolean;
  readonly hasInit: boolean;
}

export const INIT_SCRIPT = '.farhand/init';

export async function readContents(git: Git, scratch: Scratch, commit: string): Promise<Contents> {
  const env = scratch.env;
  const [listed, attributes, init] = await Promise.all([
    git.run(['ls-tree', '-r', '-z', '--full-tree', commit], { env }).catch(() => null),
    git.run(['grep', '--quiet', '-e', 'filter=lfs', commit, '--', ':(top,glob)**/.gitattributes'], { env }),
    git.run(['cat-file', '-t', `${commit}:${INIT_SCRIPT}`], { env }),
  ]);
  // Latin-1 keeps one character per byte: names need not be UTF-8 here.
  const entries = listed?.stdout.toString('latin1').split('\0').filter(Boolean) ?? null;
  return {
    files: entries && entries.filter((entry) => !entry.startsWith('160000')).length,
    submodules: entries?.filter((entry) => entry.startsWith('160000')).length ?? 0,
    hasLfs: attributes.code === 0,
    hasInit: init.stdout.toString('utf8').trim() === 'blob',
  };
}

/** What a person should know about the checkout, in one line. */
export function describeContents({ files, submodules, hasLfs }: Contents): string {
  const parts = [
    files === null ? 'very many files' : `${files.toLocaleString('en')} ${files === 1 ? 'file' : 'files'}`,
  ];
  if (submodules > 0)
    parts.push(
      `${submodules === 1 ? 'the folder of 1 submodule stays' : `the folders of ${submodules} submodules stay`} empty`,
    );
  if (hasLfs) parts.push('files of Git LFS are pointers, not their content');
  return parts.join('; ');
}

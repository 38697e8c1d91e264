import type { DirectoryEntry } from '@farhand/shared/runtime/port';
import { collect } from '../collect.ts';
import { resolveInside, type WorkspacePath } from '../paths.ts';
import { type Tool, type ToolContext, ToolFailure } from '../tool.ts';
import { type ListFilesInput, listFilesInput } from './schema.ts';
import { listFilesTitle, listFilesView } from './view.ts';

const MOST_ENTRIES = 1000;

/** What is in a folder, or all files below it. */
export const listFiles: Tool<ListFilesInput> = {
  name: 'list_files',
  description:
    'Lists a folder, or with recursive all files below it that git does not ignore. Folders end with a slash.',
  input: listFilesInput,
  effect: 'read',
  use: 'look',
  title: listFilesTitle,
  async run({ path = '.', recursive = false }, context) {
    const folder = await resolveInside(context, path);
    const { entries, isCut } = recursive ? await below(folder, context) : await within(folder, context);
    const more = isCut ? `\n[only the first ${entries.length}]` : '';
    return { text: (entries.join('\n') || '(empty)') + more, view: listFilesView(entries) };
  },
};

interface Listing {
  readonly entries: string[];
  readonly isCut: boolean;
}

async function within({ real }: WorkspacePath, { host }: ToolContext): Promise<Listing> {
  const found = await host.do(({ files }) => files.list(real, { limit: MOST_ENTRIES + 1 }));
  return { entries: found.slice(0, MOST_ENTRIES).map(entryName), isCut: found.length > MOST_ENTRIES };
}

function entryName({ name, kind }: DirectoryEntry): string {
  if (kind === 'directory') return `${name}/`;
  return kind === 'symlink' ? `${name}@` : name;
}

async function below({ real }: WorkspacePath, context: ToolContext): Promise<Listing> {
  const limit = { separator: '\0', most: MOST_ENTRIES + 1 } as const;
  const git = [
    'git',
    '-c',
    'core.fsmonitor=false',
    'ls-files',
    '-z',
    '-c',
    '-o',
    '--exclude-standard',
  ] as const;
  let found = await collect(context, { argv: git, cwd: real, ...limit });
  if (found.status !== 0) {
    // No repository, or no git.
    const find = ['find', '.', '-name', '.git', '-prune', '-o', '-type', 'f', '-print0'] as const;
    found = await collect(context, { argv: find, cwd: real, ...limit });
  }
  if (found.status !== 0) throw new ToolFailure(`The folder cannot be listed: ${found.said}`);
  const names = new Set(found.records.map((record) => record.replace(/^\.\//, '')));
  const entries = [...names].toSorted();
  return { entries: entries.slice(0, MOST_ENTRIES), isCut: entries.length > MOST_ENTRIES };
}

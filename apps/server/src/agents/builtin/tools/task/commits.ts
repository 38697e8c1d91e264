import { collect } from '../collect.ts';
import type { ToolContext } from '../tool.ts';

const MOST_COMMITS = 50;

/** The commit that is checked out; null where there is none, or no git. */
export async function headOf(context: ToolContext): Promise<string | null> {
  const [head = ''] = await git(['rev-parse', 'HEAD'], context);
  return /^[0-9a-f]{40,64}$/.test(head) ? head : null;
}

/** Commits of the context's folder made since `base`, newest first, each with its first line. */
export async function commitsSince(base: string, context: ToolContext): Promise<string[]> {
  const lines = await git(['log', '--format=%h %s', `-n${MOST_COMMITS}`, `${base}..HEAD`, '--'], context);
  return lines.map((line) => line.slice(0, 200));
}

// The lines that it prints; none where it fails.
async function git(args: readonly string[], context: ToolContext): Promise<string[]> {
  const { records, status } = await collect(context, {
    argv: ['git', '-c', 'core.fsmonitor=false', ...args],
    cwd: context.directory,
    separator: '\n',
    most: MOST_COMMITS + 1,
  });
  return status === 0 ? records : [];
}

import { collect } from '../collect.ts';
import { resolveInside } from '../paths.ts';
import { type Tool, type ToolContext, ToolFailure } from '../tool.ts';
import { gitGrep, grep, ripgrep } from './commands.ts';
import { type SearchInput, searchInput } from './schema.ts';
import { searchTitle, searchView } from './view.ts';

const MOST_HITS = 200;

/** Lines that fit a pattern: by ripgrep where it is, else git grep, else grep. */
export const search: Tool<SearchInput> = {
  name: 'search',
  description:
    'Finds lines in files by a regular expression. Files that git ignores are left out where possible.',
  input: searchInput,
  effect: 'read',
  use: 'look',
  title: searchTitle,
  async run(input, context) {
    const { shown } = await resolveInside(context, input.path ?? '.');
    const { records, read } = await runFirstThatWorks(input, shown, context);
    // Covered before a long line is cut: the first half of a secret would not be known for what it is.
    const { text: cover } = context.secrets.redactor();
    const found = records.map((record) => read(cover(record))).filter((hit) => hit !== null);
    const hits = found.slice(0, MOST_HITS);
    if (hits.length === 0) return { text: 'Nothing found.', view: searchView([]) };
    const more = found.length > MOST_HITS ? `\n[only the first ${MOST_HITS} hits: narrow the search]` : '';
    return {
      text: hits.map(({ path, line, text }) => `${path}:${line}: ${text}`).join('\n') + more,
      view: searchView(hits),
    };
  },
};

async function runFirstThatWorks(input: SearchInput, path: string, context: ToolContext) {
  const { hasRipgrep, gitVersion } = await context.host.do((runtime) => runtime.facts());
  const ways = [...(hasRipgrep ? [ripgrep] : []), ...(gitVersion ? [gitGrep] : []), grep];
  let said = '';
  for (const way of ways) {
    const command = way(input, path);
    const found = await collect(context, {
      argv: command.argv,
      cwd: context.directory,
      separator: '\n',
      most: MOST_HITS + 1,
    });
    if (found.status === 0 || found.status === 1) return { records: found.records, read: command.read };
    // grep's 2 can stand beside hits, for a folder that may not be read.
    if (way === grep && found.records.length > 0) return { records: found.records, read: command.read };
    // The first tool tells best what is wrong with a pattern; later ones only serve where it cannot search at all.
    said ||= found.said;
  }
  throw new ToolFailure(`The search failed: ${said || 'no program for it on the host'}`);
}

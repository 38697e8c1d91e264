import type { SearchInput } from './schema.ts';

export interface Hit {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A program that searches, and how its lines are read. Statuses: 0 found, 1 nothing found, above that failed. */
export interface SearchCommand {
  readonly argv: readonly [string, ...string[]];
  readonly read: (line: string) => Hit | null;
}

/** Characters of one line. */
const LONGEST_TEXT = 400;

/** `path`: relative to the workspace. */
export function ripgrep({ pattern, glob, ignore_case: isAnyCase }: SearchInput, path: string): SearchCommand {
  const options = [...(isAnyCase ? ['-i'] : []), ...(glob ? ['--glob', glob] : [])];
  const fixed = [
    '--null',
    '-n',
    '--no-heading',
    '--color=never',
    '--no-config',
    '--hidden',
    '--glob',
    '!.git',
  ];
  return { argv: ['rg', ...fixed, ...options, '-e', pattern, '--', path], read: readNullColon };
}

/** Tracked files, and new ones that are not ignored. */
export function gitGrep({ pattern, glob, ignore_case: isAnyCase }: SearchInput, path: string): SearchCommand {
  const flags = ['-z', '-n', '-I', '-E', '--untracked', '--no-color', ...(isAnyCase ? ['-i'] : [])];
  // A path is taken as it is; only the glob is a pattern.
  const paths = glob
    ? [`:(glob)${path === '.' ? '' : `${path}/`}${glob.includes('/') ? glob : `**/${glob}`}`]
    : [`:(literal)${path}`];
  return {
    argv: ['git', '-c', 'core.fsmonitor=false', 'grep', ...flags, '-e', pattern, '--', ...paths],
    read: readNulls,
  };
}

export function grep({ pattern, glob, ignore_case: isAnyCase }: SearchInput, path: string): SearchCommand {
  const options = [...(isAnyCase ? ['-i'] : []), ...(glob ? [`--include=${glob.split('/').at(-1)}`] : [])];
  return {
    argv: ['grep', '-rnIHE', '--null', '--exclude-dir=.git', ...options, '-e', pattern, '--', path],
    read: readNullColon,
  };
}

// path NUL line NUL text
function readNulls(record: string): Hit | null {
  const [path, line, ...text] = record.split('\0');
  return hit(path, line, text.join('\0'));
}

// path NUL line:text
function readNullColon(record: string): Hit | null {
  const [path, rest = ''] = record.split('\0');
  const colon = rest.indexOf(':');
  return hit(path, rest.slice(0, colon), rest.slice(colon + 1));
}

function hit(path: string | undefined, line: string | undefined, text: string): Hit | null {
  const number = Number(line);
  if (!path || !Number.isInteger(number) || number < 1) return null;
  return {
    path: path.replace(/^\.\//, ''),
    line: number,
    text: text.replace(/\r$/, '').slice(0, LONGEST_TEXT),
  };
}

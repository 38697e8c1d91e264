import { NPM_GLOBAL } from './catalogue-entry.ts';

/** What one look found on a host; names and paths come from it and are only shown. */
export interface Findings {
  /** Absolute, by program; `npm-global` is there where this user may install for everyone. */
  readonly paths: ReadonlyMap<string, string>;
  /** By program. */
  readonly versions: ReadonlyMap<string, string>;
}

const MAX_PATH_CHARS = 1024;
// As `0.61.0`, `2.1.3-rc.1`: digits with points, not a part of a word or a path.
const VERSION =
  /(?:^|[\s@v])(\d{1,9}(?:\.\d{1,9}){1,3}(?:-[0-9A-Za-z][0-9A-Za-z.]{0,31})?)(?=$|[\s,;)]|\.(?:\s|$))/;

/** Reads the output of `lookScript`; what is not of its form is left out. */
export function parseFindings(output: string): Findings {
  const paths = new Map<string, string>();
  const versions = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [kind, program, said] = line.split('\t');
    if (kind === 'npm') paths.set(NPM_GLOBAL, 'npm');
    if (program === undefined || said === undefined) continue;
    if (kind === 'path' && said.startsWith('/') && said.length <= MAX_PATH_CHARS) paths.set(program, said);
    const version = kind === 'version' ? VERSION.exec(said)?.[1] : undefined;
    if (version !== undefined) versions.set(program, version);
  }
  return { paths, versions };
}

/** True where `version` comes before `limit`, both as `1.2.3`; a version that is not known is taken to be new. */
export function isBefore(version: string | null, limit: string): boolean {
  if (version === null) return false;
  const [ours = [], other = []] = [version, limit].map((text) => text.split(/[.-]/, 3).map(Number));
  for (const [index, part] of other.entries()) {
    const mine = ours[index] ?? 0;
    if (mine !== part) return mine < part;
  }
  return false;
}

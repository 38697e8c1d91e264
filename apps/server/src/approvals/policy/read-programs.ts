import { onlyOptions, operands, type Refused, refusedOption } from './options.ts';
import { leaves, named, reads, type Verdict } from './verdict.ts';

const CHECKS: Refused = { short: 'c', long: ['check'] };

/** Programs that only read what they are given, whatever their options, or with any but these. */
const READERS: Readonly<Record<string, Refused>> = {
  ls: {},
  cat: {},
  head: {},
  tail: {},
  wc: { long: ['files0-from'] },
  pwd: {},
  echo: {},
  printf: { short: 'v' },
  true: {},
  false: {},
  basename: {},
  dirname: {},
  stat: {},
  nl: {},
  cut: {},
  tr: {},
  comm: {},
  diff: { short: 'l', long: ['paginate'] },
  cmp: {},
  grep: {},
  egrep: {},
  fgrep: {},
  rg: { long: ['pre', 'hostname-bin', 'search-zip'], short: 'z' },
  sort: { short: 'oT', long: ['output', 'compress-program', 'temporary-directory', 'files0-from'] },
  tree: { short: 'oR', long: ['output'] },
  file: { short: 'CzZf', long: ['compile', 'uncompress', 'files-from'] },
  du: { long: ['files0-from'] },
  df: {},
  which: {},
  uname: {},
  whoami: {},
  id: {},
  sleep: {},
  seq: {},
  // The files that a list names are not seen here.
  cksum: CHECKS,
  md5sum: CHECKS,
  sha1sum: CHECKS,
  sha256sum: CHECKS,
  sha512sum: CHECKS,
  od: {},
  fold: {},
  expand: {},
  rev: {},
  tac: {},
  realpath: {},
  readlink: {},
};

/** What `find` looks for; each other word with a dash may write, remove or run. */
const FIND = (
  '-name -iname -path -ipath -wholename -type -maxdepth -mindepth -size -mtime -mmin -atime -ctime -newer ' +
  '-empty -not -o -a -and -or -print -print0 -prune -regex -iregex -regextype -perm -user -group -links -ls -depth ' +
  '-xdev -mount -readable -writable -executable -true -false'
).split(' ');

const TESTS = '-f -d -e -s -r -w -x -L -h -z -n -a -o'.split(' ');
const isTest = (args: readonly string[]) => onlyOptions(args, TESTS);

/** Programs that only read where their arguments are so. */
const LOOKED_AT: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  test: isTest,
  '[': isTest,
  '[[': isTest,
  ':': () => true,
  command: ([option, ...names]) => /^-[vV]$/.test(option ?? '') && names.length > 0,
  // What else it can set, the reader of the text refuses.
  set: (args) =>
    args.length > 0 && args.every((arg) => /^(-[eux]{1,3}|-euo|-eo|-o|pipefail|errexit|nounset)$/.test(arg)),
  find: (args) =>
    args.every((arg) => !arg.startsWith('-') || FIND.includes(arg) || /^-\d+[a-zA-Z]?$/.test(arg)),
  // Its second operand is written.
  uniq: (args) => onlyOptions(args, ['-c', '-d', '-u', '-i']) && operands(args).length <= 1,
  date: (args) => args.every((arg) => arg.startsWith('+') || ['-u', '--utc', '-R'].includes(arg)),
  // Its scripts can write and run: only “print these lines” is understood.
  sed: ([quiet, script = '', ...files]) =>
    quiet === '-n' && /^\d+(,(\d+|\$))?p$/.test(script) && files.every((file) => !file.startsWith('-')),
  jq: (args) =>
    onlyOptions(args, [
      '-r',
      '-c',
      '-e',
      '-s',
      '-S',
      '-n',
      '-M',
      '-j',
      '--raw-output',
      '--slurp',
      '--compact-output',
    ]) &&
    !args.some((arg) =>
      /import|include|env|input_filename|\$ENV|modulemeta|get_search_list|__prog/.test(arg),
    ),
};

/** What a program that only reads does with these arguments; null where it is none of those. */
export function judgeReader(program: string, args: readonly string[]): Verdict | null {
  const refused = Object.hasOwn(READERS, program) ? READERS[program] : undefined;
  if (refused) {
    const option = refusedOption(args, refused);
    return option === null ? reads : leaves(`${named(program)} does more with ${named(option)}`);
  }
  const isRead = Object.hasOwn(LOOKED_AT, program) ? LOOKED_AT[program] : undefined;
  if (!isRead) return null;
  return isRead(args) ? reads : leaves(`${named(program)} can do more than read with these arguments`);
}

import { onlyOptions, operands, type Refused, refusedOption } from './options.ts';
import { changes, leaves, named, reads, type Verdict } from './verdict.ts';

/** Options with which a reading subcommand writes, or runs a program that is named somewhere. */
const NOT_READING: Refused = {
  short: 'O',
  long: [
    'output',
    'ext-diff',
    'textconv',
    'filters',
    'open-files-in-pager',
    'exec',
    'upload-pack',
    'paginate',
    'show-signature',
    'remerge-diff',
    'diff-merges',
  ],
};
/** Options with which a changing subcommand runs a program, asks in an editor, or signs. */
const NOT_CHANGING: Pick<Refused, 'long'> = {
  long: [
    'exec',
    'strategy',
    'gpg-sign',
    'edit',
    'sign',
    'verify',
    'local-user',
    'interactive',
    'patch',
    'template',
  ],
};

const READING = (
  'status log diff show rev-parse ls-files blame describe shortlog ls-tree merge-base rev-list name-rev show-ref ' +
  'for-each-ref diff-tree cat-file grep whatchanged count-objects'
).split(' ');
const CHANGING =
  'add commit switch checkout restore branch tag stash reset rm mv merge cherry-pick revert'.split(' ');
const NETWORK = ['push', 'fetch', 'pull', 'clone', 'ls-remote', 'send-email'];

/** Lists in these forms only; each other one changes something. */
const LISTING: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  branch: (args) =>
    operands(args).length === 0 &&
    onlyOptions(args, [
      '-a',
      '-r',
      '-v',
      '-vv',
      '--all',
      '--list',
      '--show-current',
      '--remotes',
      '--verbose',
    ]),
  tag: (args) => operands(args).length === 0 && onlyOptions(args, ['-l', '--list']),
  stash: (args) => args.length === 1 && args[0] === 'list',
  remote: (args) => args.length === 0 || (args.length === 1 && ['-v', '--verbose'].includes(args[0] ?? '')),
  reflog: (args) => args.length === 0 || (args.length === 1 && args[0] === 'show'),
  worktree: (args) => args.length === 1 && args[0] === 'list',
};

/** What `git` does with these arguments. */
export function judgeGit(given: readonly string[]): Verdict {
  const [subcommand = '', ...args] = given[0] === '--no-pager' ? given.slice(1) : given;
  if (['--version', 'version'].includes(subcommand) && args.length === 0) return reads;
  if (subcommand.startsWith('-')) return leaves(`\`git\` does more with ${named(subcommand)}`);
  const name = `git ${subcommand}`;
  if (Object.hasOwn(LISTING, subcommand) && LISTING[subcommand]?.(args)) return reads;
  // A signature is checked by a program that the settings name.
  if (args.some((arg) => /%G/.test(arg)))
    return leaves(`\`${READING.includes(subcommand) ? name : 'git'}\` checks signatures`);
  if (READING.includes(subcommand)) return unless(args, NOT_READING, name, reads);
  if (CHANGING.includes(subcommand))
    return unless(args, { ...NOT_CHANGING, short: shortOf(subcommand) }, name, changes(`\`${name}\``));
  if (NETWORK.includes(subcommand)) return leaves(`\`${name}\` reaches the network`);
  return leaves(`${/^[a-z-]{1,40}$/.test(subcommand) ? `\`${name}\`` : '`git`'} is not known to stay in it`);
}

// `-s` names a program of one's own in some, signs in another, and means nothing much in the rest.
function shortOf(subcommand: string): string {
  // The one tag that is looked at is checked by a program, too.
  if (subcommand === 'tag') return 'SeipXsuv';
  return ['merge', 'cherry-pick', 'revert'].includes(subcommand) ? 'SeipXsu' : 'SeipX';
}

function unless(args: readonly string[], refused: Refused, name: string, verdict: Verdict): Verdict {
  const option = refusedOption(args, refused);
  return option === null ? verdict : leaves(`\`${name}\` does more with ${named(option)}`);
}

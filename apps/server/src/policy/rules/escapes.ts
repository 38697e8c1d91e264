import { type Refused, refusedOption } from '../../approvals/policy/options.ts';

/** Options with which the same words run any program, or write to any place, whatever the program. */
const EVERYWHERE: Refused = {
  long: (
    'exec upload-pack receive-pack ext-diff textconv open-files-in-pager output config config-env toolexec vettool ' +
    'script-shell node-options option eval extcmd template git-dir work-tree exec-path post-renderer pre hostname-bin ' +
    'compress-program use-compress-program to-command checkpoint checkpoint-action rsh rsync-path rsh-command ' +
    'info-script new-volume-script init-file rcfile import require loader experimental-loader command shell pager ' +
    'editor plugin unzip-command script execute ex filter call prefix globalconfig userconfig use-askpass preview bind'
  ).split(' '),
};

const GIT =
  'status log diff show add commit push pull fetch switch checkout restore branch tag stash reset rm mv merge cherry-pick revert ' +
  'rev-parse ls-files blame describe shortlog ls-tree merge-base rev-list name-rev show-ref for-each-ref diff-tree ' +
  'cat-file grep reflog count-objects ls-remote whatchanged format-patch apply version';
const NPM =
  'test t tst run run-script install i ci add ls list outdated view info show audit pack publish version start stop ' +
  'update up prune dedupe why fund ping whoami';
const DOCKER =
  'ps images logs inspect pull push build tag version info stats top port start stop restart kill rm rmi';
const KUBECTL = 'get describe logs top version api-resources explain rollout scale';

/** The words that may follow a program by a star; one that is not here runs other programs, or may do so. */
const SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = {
  git: GIT.split(' '),
  npm: NPM.split(' '),
  pnpm: NPM.split(' '),
  yarn: 'test run install add remove why list info audit outdated'.split(' '),
  bun: 'test install add remove'.split(' '),
  docker: DOCKER.split(' '),
  podman: DOCKER.split(' '),
  kubectl: KUBECTL.split(' '),
  go: 'build test vet fmt list doc version mod'.split(' '),
  cargo: 'build b check c test t run r clippy fmt doc bench update tree metadata'.split(' '),
  gh: 'pr issue run repo release workflow status search'.split(' '),
  pip: 'install list show freeze check download uninstall'.split(' '),
  pip3: 'install list show freeze check download uninstall'.split(' '),
};

const ANY_OPTION = /^[-+]|^\/(dev|proc)\//;
/** Words that let a program run others, or write elsewhere. */
const WORDS: Readonly<Record<string, RegExp>> = {
  git: /^(-c.*|-C.*|-p|-O.*|-x.*|-X.*|-s.*|-S.*|-G.*|-i|-e|ext::.*|.*[^A-Za-z]ext::.*|--paginate|--strategy.*|--(edit|interactive|patch|gpg-sign|sign|show-signature)(=.*)?)$/,
  npm: /^(-C|--call|-c|--prefix|--globalconfig|--git)/,
  pnpm: /^(-C|--dir|-c|--shell-mode)/,
  yarn: /^(--cwd|-c)/,
  find: /^-(exec|execdir|ok|okdir|delete|fprint.*|fls|files0-from)/,
  fd: /^-[^-]*[xX]|^--(exec|exec-batch)/,
  tar: /^-?[A-Za-z]*[IF]|^--(checkpoint|to-command|use-compress|rsh|info|new-vol|extract|absolute)|^-[A-Za-z]*P/,
  sort: /^-[A-Za-z]*[oT]/,
  uniq: /^[^-]/,
  ssh: ANY_OPTION,
  scp: ANY_OPTION,
  sftp: ANY_OPTION,
  rsync: /^-[A-Za-z]*[eT]|^--(rsh|rsync|temp|daemon|config|remote-option)/,
  curl: /^-[A-Za-z]*[oOKTDc]|^--(output|remote|config|upload|dump|cookie-jar|create|libcurl|trace|stderr|etag-save)/,
  wget: /^-[A-Za-z]*[OPeioa]|^--(output|execute|input|directory|append|use-askpass|save)/,
  make: /^-[A-Za-z]*[fCIE]|^--(file|makefile|eval|directory|include)|=/,
  docker: /^(-v|--volume|--mount|--privileged|-H|--host|-c|--context)/,
  kubectl: /^(--kubeconfig|--raw|exec|cp|debug|plugin)/,
  go: /^-(exec|toolexec|vettool|ldflags|gcflags|asmflags|C|o|overlay|modfile|pkgdir)/,
  cargo: /^(\+|-Z|-C|--config|--manifest-path|--target-dir|--out-dir)/,
  gh: /^(--web|-w|clone|fork)$/,
  zip: /^-[A-Za-z]*T|^--(test|unzip)/,
  less: /^[+]|^-[A-Za-z]*[kopPtTO]|^--(log|lesskey)/,
  man: /^-[A-Za-z]*[PHCM]/,
  tcpdump: /^-[A-Za-z]*[zwW]/,
  script: /^-[A-Za-z]*c/,
  dd: /^of=/,
  rg: /^-[A-Za-z]*z/,
  file: /^-[A-Za-z]*[CzZ]/,
  tree: /^-[A-Za-z]*[oR]/,
  date: /^-[A-Za-z]*s|^\d+$/,
  diff: /^-[A-Za-z]*l/,
  pip: /^(-e|--editable|git\+)/,
  psql: /^-[A-Za-z]*[cfoLv]|\\!/,
  jq: /^-[A-Za-z]*[fL]|\b(env|import|include|input_filename|input)\b/,
};
/** Programs for which every option can run something. */
const INTERPRETERS =
  /^(sh|bash|dash|zsh|ksh|fish|python[\d.]*|node|deno|perl|ruby|php|lua|tclsh|osascript|vim?|nvim|ex|ed|emacs|nano|gdb|lldb|expect|gawk|mawk|nawk|awk|sqlite3|mysql|nmap|openssl|at|crontab)$/;

/** True for a program that runs the file it is given: a rule has to say which, at least by `scripts/*.mjs`. */
export const runsFiles = (program: string): boolean => INTERPRETERS.test(program);

/** The words among those that a star stands for that let the command do more than its program says; null for none. */
export function escapeOf(words: readonly string[], starred: readonly number[]): string | null {
  const [program = ''] = words;
  const taken = starred.filter((at) => at > 0).map((at) => ({ at, text: words[at] ?? '' }));
  // Some programs take long options with one dash too.
  const options = taken.map(({ text }) => text.replace(/^-(?=[a-z-]{3,})/, '--').replace(/^-{3,}/, '--'));
  const everywhere = refusedOption(options, EVERYWHERE);
  if (everywhere !== null) return everywhere;
  const isOdd = INTERPRETERS.test(program)
    ? ANY_OPTION
    : Object.hasOwn(WORDS, program)
      ? WORDS[program]
      : undefined;
  const odd = taken.find(({ text }) => isOdd?.test(text));
  if (odd) return odd.text;
  const known = Object.hasOwn(SUBCOMMANDS, program) ? SUBCOMMANDS[program] : undefined;
  const subcommand = taken.find(({ at }) => at === 1)?.text;
  if (known && subcommand !== undefined && !known.includes(subcommand)) return subcommand;
  return null;
}

import { type Refused, refusedOption } from '../../approvals/policy/options.ts';
import { judgeReader } from '../../approvals/policy/read-programs.ts';
import { FILE_PROGRAMS } from '../../approvals/policy/work-programs.ts';
import { isWrapper } from '../shell/wrappers.ts';

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
  uv: 'sync lock add remove tree version'.split(' '),
  poetry: 'install add remove update lock show check build version'.split(' '),
  pipenv: 'install lock sync graph'.split(' '),
  pdm: 'install add remove update lock list'.split(' '),
  hatch: ['version'],
  bundle: 'install update show list check outdated info'.split(' '),
  helm: 'list ls status get history search show template lint install upgrade uninstall rollback version'.split(
    ' ',
  ),
  dotnet: 'build test restore clean list format'.split(' '),
  mvn: 'clean validate compile test package verify install site'.split(' '),
  ip: 'addr address a link l route r neigh n rule'.split(' '),
  tmux: [],
  screen: [],
  perf: [],
  nix: [],
  ansible: [],
  pip: 'install list show freeze check download uninstall'.split(' '),
  pip3: 'install list show freeze check download uninstall'.split(' '),
};

/** Of what follows `docker compose` by a star. */
const COMPOSE =
  'ps ls images logs top port build pull push up start stop restart down rm stats events pause unpause kill create wait version'.split(
    ' ',
  );

/** Long options as in EVERYWHERE, of one program. */
const LONG: Readonly<Record<string, string>> = {
  git: 'edit edit-description interactive patch gpg-sign sign show-signature verify paginate strategy unsafe-paths directory',
  npm: 'browser viewer node-gyp python init-module pack-destination logs-dir cache local-prefix location global',
  pnpm: 'pnpmfile global-pnpmfile use-node-version',
  yarn: 'use-yarnrc',
  bun: 'preload cwd',
  rsync: 'password-command write-batch only-write-batch log-file partial-dir backup-dir remote-option',
  curl: 'engine hsts alt-svc etag-save libcurl ssl-sessions cookie-jar trace trace-ascii unix-socket abstract-unix-socket',
  wget: 'warc-file rejected-log hsts-file save-cookies',
  psql: 'file log-file set variable pset',
  jq: 'from-file library-path',
  man: 'html preprocessor',
  rg: 'search-zip',
  pip: 'python target root src log',
  pip3: 'python target root src log',
  docker: 'iidfile cidfile metadata-file ssh secret build-context file env-file project-directory entrypoint',
  kubectl: 'cache-dir profile-output',
  go: 'compiler gccgoflags',
  tar: 'get extract',
};

const ANY_OPTION = /^[-+]|^\/(dev|proc)\//;
/** Words that let a program run others, or write elsewhere. */
const WORDS: Readonly<Record<string, RegExp>> = {
  git: /^(-c.*|-C.*|-p|-O.*|-x.*|-X.*|-s.*|-S.*|-G.*|-o.*|-i|-e|ext::.*|.*[^A-Za-z]ext::.*|--paginate|--strategy.*|--(edit|interactive|patch|gpg-sign|sign|show-signature)(=.*)?)$/,
  npm: /^(-g|-C|--call|-c|--prefix|--globalconfig|--git)/,
  pnpm: /^(-C|--dir|-c|--shell-mode)/,
  yarn: /^(--cwd|-c|-T)/,
  bun: /^(-r|-c|-e|-p)/,
  mvn: /^-|:/,
  find: /^-(exec|execdir|ok|okdir|delete|fprint.*|fls|files0-from)/,
  fd: /^-[^-]*[xX]|^--(exec|exec-batch)/,
  tar: /^-?[A-Za-z]*[IFx]|^-C|^--(checkpoint|to-command|use-compress|rsh|info|new-vol|extract|absolute)|^-[A-Za-z]*P/,
  sort: /^-[A-Za-z]*[oT]/,
  uniq: /^[^-]/,
  ssh: ANY_OPTION,
  scp: ANY_OPTION,
  sftp: ANY_OPTION,
  rsync: /^-[A-Za-z]*[eTM]|^--(rsh|rsync|temp|daemon|config|remote-option)/,
  curl: /^-[A-Za-z]*[oOKTDcJ]|^--(output|remote|config|upload|dump|cookie-jar|create|libcurl|trace|stderr|etag-save)/,
  wget: /^-[A-Za-z]*[OPeioa]|^--(output|execute|input|directory|append|use-askpass|save)/,
  make: /^-[A-Za-z]*[fCIE]|^--(file|makefile|eval|directory|include)|=/,
  docker: /^(-o.*|-v|--volume|--mount|--privileged|-H|--host|-c|--context)/,
  kubectl: /^(--kubeconfig|--raw|exec|cp|debug|plugin)/,
  go: /^-(exec|toolexec|vettool|ldflags|gcflags|asmflags|C|o|overlay|modfile|pkgdir)/,
  cargo: /^(\+|-Z|-C|--config|--manifest-path|--target-dir|--out-dir)/,
  gh: /^(--web|-w|clone|fork)$/,
  zip: /^-[A-Za-z]*T|^--(test|unzip)/,
  less: /^[+]|^-[A-Za-z]*[kopPtTO]|^--(log|lesskey)/,
  man: /^-[A-Za-z]*[PHCM]/,
  ip: /^-|^(netns|vrf|exec)$/,
  tcpdump: /^-[A-Za-z]*[zwW]/,
  script: /^-[A-Za-z]*c/,
  dd: /^of=/,
  rg: /^-[A-Za-z]*z/,
  file: /^-[A-Za-z]*[CzZ]/,
  tree: /^-[A-Za-z]*[oR]/,
  date: /^-[A-Za-z]*s|^--s|^\d+$/,
  diff: /^-[A-Za-z]*l/,
  pip: /^(-e|-t|--editable|git\+)/,
  pip3: /^(-e|-t|--editable|git\+)/,
  psql: /^-[A-Za-z]*[cfoLvP]|\\!/,
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
  const long = Object.hasOwn(LONG, program) ? LONG[program] : undefined;
  const further = long === undefined ? null : refusedOption(options, { long: long.split(' ') });
  if (further !== null) return further;
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
  const ofCompose =
    program === 'docker' && words[1] === 'compose' ? taken.find(({ at }) => at === 2) : undefined;
  return ofCompose && !COMPOSE.includes(ofCompose.text) ? ofCompose.text : null;
}

const OF_EVERY_PROGRAM = ['--help', '--version'];

/**
 * The first option among the words that a star stands for, of a program of which it is not known what its options do; null
 * for none.
 */
export function unknownOption(words: readonly string[], starred: readonly number[]): string | null {
  const [program = ''] = words;
  const isKnown =
    [WORDS, SUBCOMMANDS].some((table) => Object.hasOwn(table, program)) ||
    INTERPRETERS.test(program) ||
    FILE_PROGRAMS.has(program) ||
    isWrapper(program) ||
    judgeReader(program, []) !== null;
  if (isKnown) return null;
  const texts = starred.filter((at) => at > 0).map((at) => words[at] ?? '');
  return texts.find((text) => /^[-+@]/.test(text) && !OF_EVERY_PROGRAM.includes(text)) ?? null;
}

/** Words by which programs run others, or write to places of their own. */

/** Of one program, or of a program with its first word. */
export interface Escapes {
  /** Letters of short options, wherever they stand in a group. */
  readonly short?: string;
  /** Long options without their dashes, also what begins one or goes on from one. */
  readonly long?: string;
  /** True where the program takes no option cut short. */
  readonly isWhole?: boolean;
  /** Words of any form. */
  readonly words?: RegExp;
  /** What may come next; each other word runs other programs, or may do so. */
  readonly next?: string;
  /** Long options that are harmless, though they read like those of EVERYWHERE. */
  readonly plain?: string;
  /** Of a program with its first word: the letters of its program that mean something harmless here. */
  readonly mild?: string;
}

/** Long options with which the same words run any program, or write to any place, whatever the program. */
export const EVERYWHERE =
  'exec upload-pack receive-pack ext-diff textconv open-files-in-pager output config config-env toolexec vettool ' +
  'script-shell node-options option eval extcmd template git-dir work-tree exec-path post-renderer pre hostname-bin ' +
  'compress-program use-compress-program to-command checkpoint checkpoint-action rsh rsync-path rsh-command ' +
  'info-script new-volume-script init-file rcfile import require loader experimental-loader command shell pager ' +
  'editor plugin unzip-command script execute ex filter call prefix globalconfig userconfig use-askpass preview bind';

/** Harmless in whatever program, though they begin as one of those. */
export const PLAIN =
  'exclude exclude-dir exclude-standard exclude-vcs exact exit-code extended-regexp check prefer-offline pretty';

/** Any option, and what a program would read from a device. */
export const ANY_OPTION = /^[-+]|^\/(dev|proc)\//;

const NPM =
  'test t tst run run-script install i ci add ls list outdated view info show audit pack publish version start stop ' +
  'update up prune dedupe why fund ping whoami';
const COMPOSE: Escapes = {
  next: 'ps ls images logs top port build pull push up start stop restart down rm stats events pause unpause kill create wait version',
};
const CONTAINER: Escapes = {
  next: 'ls list ps logs inspect stats top port start stop restart kill rm pause unpause wait rename prune',
};
const IMAGE: Escapes = { next: 'ls list build inspect pull push tag history rm prune' };
const DOCKER: Escapes = {
  isWhole: true,
  plain: 'filter',
  short: 'ovHc',
  long:
    'iidfile cidfile metadata-file ssh secret build-context file env-file project-directory entrypoint volume ' +
    'volumes-from mount privileged host context cache-to pid ipc uts userns cap-add device security-opt cgroup ' +
    'group-add runtime net network use-api-socket allow',
  next: 'ps images logs inspect pull push build tag version info stats top port start stop restart kill rm rmi',
};
const APT: Escapes = {
  words: /^-(?!([yqsufV]+|-(yes|assume-yes|quiet|dry-run|installed|upgradable|no-install-recommends))$)|\//,
};
const PIP: Escapes = {
  short: 'et',
  long: 'python target root src log editable',
  words: /^git\+/,
  next: 'install list show freeze check download uninstall',
};

// In these they choose what is shown.
const SHOWING: Escapes = { mild: 'cCpOxXsSGoie' };

/** By the name of the program, and the word after it where that says more. */
export const ESCAPES: Readonly<Record<string, Escapes>> = {
  git: {
    short: 'cCpOxXsSGoie',
    long:
      'edit edit-description interactive patch gpg-sign sign show-signature verify paginate strategy unsafe-paths ' +
      'directory no-index contents',
    words: /(^|[^A-Za-z])ext::/,
    next:
      'status log diff show add commit push pull fetch switch checkout restore branch tag stash reset rm mv merge ' +
      'cherry-pick revert rev-parse ls-files blame describe shortlog ls-tree merge-base rev-list name-rev show-ref ' +
      'for-each-ref diff-tree cat-file grep reflog count-objects ls-remote whatchanged format-patch apply version',
  },
  'git log': SHOWING,
  'git show': SHOWING,
  'git diff': SHOWING,
  'git shortlog': SHOWING,
  'git blame': SHOWING,
  'git status': { mild: 's' },
  'git ls-files': { mild: 'cosixX' },
  'git grep': { mild: 'Ceciop' },
  'git fetch': { mild: 'p' },
  'git switch': { mild: 'cC' },
  'git commit': { mild: 's' },
  'git cherry-pick': { mild: 'sxX' },
  'git revert': { mild: 'sX' },
  'git apply': { mild: 'pC' },
  'git clone': { short: 'u' },
  'git difftool': { short: 'tg', long: 'tool gui' },
  'git submodule': { next: 'status update init sync summary deinit add absorbgitdirs' },
  'git bisect': { next: 'start good bad old new terms skip reset log' },
  'git config': { next: '--get --get-all --get-regexp --list -l get list user.name user.email' },
  npm: {
    short: 'gCc',
    long: 'browser viewer node-gyp python init-module pack-destination logs-dir cache local-prefix location global git',
    next: NPM,
  },
  pnpm: { short: 'Cc', long: 'dir shell-mode pnpmfile global-pnpmfile use-node-version', next: NPM },
  yarn: {
    short: 'cT',
    long: 'cwd use-yarnrc',
    next: 'test run install add remove why list info audit outdated',
  },
  bun: { short: 'rcep', long: 'preload cwd', next: 'test install add remove' },
  docker: DOCKER,
  podman: DOCKER,
  'docker compose': COMPOSE,
  'podman compose': COMPOSE,
  'docker-compose': { ...COMPOSE, words: /^-/ },
  'podman-compose': { ...COMPOSE, words: /^-/ },
  'docker container': CONTAINER,
  'podman container': CONTAINER,
  'docker image': IMAGE,
  'podman image': IMAGE,
  kubectl: {
    isWhole: true,
    plain: 'prefix',
    short: 'sk',
    long: 'kubeconfig raw cache-dir profile-output server insecure-skip-tls-verify as token kustomize certificate-authority',
    words: /^(exec|cp|debug|plugin)$/,
    next: 'get describe logs top version api-resources explain rollout scale',
  },
  helm: {
    isWhole: true,
    long: 'kubeconfig kube registry-config repository-config repository-cache',
    next: 'list ls status get history search show template lint install upgrade uninstall rollback version',
  },
  go: {
    long: 'compiler gccgoflags',
    words:
      /^--?(exec|toolexec|vettool|ldflags|gcflags|asmflags|C|o|overlay|modfile|pkgdir|\w*profile|outputdir|trace)/,
    next: 'build test vet fmt list doc version mod',
  },
  cargo: {
    isWhole: true,
    short: 'ZC',
    long: 'manifest-path target-dir out-dir artifact-dir lockfile-path',
    words: /^\+/,
    next: 'build b check c test t run r clippy fmt doc bench update tree metadata',
  },
  gh: {
    short: 'w',
    long: 'web',
    words: /^(clone|fork)$/,
    next: 'pr issue run repo release workflow status search',
  },
  uv: { next: 'sync lock add remove tree version' },
  poetry: { next: 'install add remove update lock show check build version' },
  pipenv: { next: 'install lock sync graph' },
  pdm: { next: 'install add remove update lock list' },
  hatch: { next: 'version' },
  bundle: { next: 'install update show list check outdated info' },
  swift: { words: /^-/, next: 'build test run' },
  dotnet: { plain: 'filter', next: 'build test restore clean list format' },
  mvn: { words: /^-|:/, next: 'clean validate compile test package verify install site' },
  pip: PIP,
  pip3: PIP,
  apt: APT,
  'apt-get': APT,
  systemctl: {
    short: 'HM',
    long: 'host machine root image',
    words: /^[./]/,
    next:
      'status start stop restart reload try-restart is-active is-enabled is-failed show list-units list-unit-files ' +
      'list-timers list-sockets list-dependencies cat kill reset-failed daemon-reload enable disable mask unmask',
  },
  ip: { words: /^-|^(netns|vrf|exec)$/, next: 'addr address a link l route r neigh n rule' },
  tmux: { next: '' },
  screen: { next: '' },
  perf: { next: '' },
  nix: { next: '' },
  ansible: { next: '' },
  find: { words: /^-(exec|execdir|ok|okdir|delete|fprint.*|fls|files0-from)/ },
  fd: { short: 'xX', long: 'exec' },
  tar: {
    short: 'IFxCPg',
    long: 'checkpoint use-compress rsh info new-vol get extract absolute index-file volno-file listed-incremental',
    words: /^[A-Za-z0-9]*[IFx]/,
  },
  sort: { short: 'oT', long: 'temporary-directory' },
  uniq: { words: /^[^-]/ },
  sed: { short: 'i', long: 'in-place' },
  ssh: { words: ANY_OPTION },
  scp: { words: ANY_OPTION },
  sftp: { words: ANY_OPTION },
  rsync: {
    short: 'eTM',
    long:
      'rsh rsync temp daemon remote-option password-command write-batch only-write-batch log-file partial-dir ' +
      'backup-dir',
  },
  curl: {
    short: 'oOKTDcJ',
    long:
      'remote upload dump cookie-jar create libcurl trace stderr etag-save engine hsts alt-svc ssl-sessions ' +
      'unix-socket abstract-unix-socket proto-default variable expand',
    // A file that is sent, or shown; one that is written.
    words: /^[^:/=]*@|=[@<]|^file:|%output/i,
  },
  wget: {
    short: 'OPeioab',
    long: 'input directory append save warc-file rejected-log hsts-file background post-file body-file',
  },
  make: { short: 'fCIE', long: 'file makefile directory include-dir', words: /=/ },
  zip: { short: 'T', long: 'test unzip' },
  less: { short: 'okpPtTO', long: 'log lesskey cmd tag-file', words: /^\+/ },
  man: { short: 'PHCMX', long: 'html preprocessor manpath gxditview' },
  tcpdump: { short: 'zwW' },
  script: { short: 'c' },
  dd: { words: /^of=/ },
  rg: { short: 'z', long: 'search-zip' },
  file: { short: 'CzZ', long: 'compile uncompress' },
  tree: { short: 'oR' },
  date: { short: 's', long: 'set', words: /^\d+$/ },
  diff: { short: 'l', long: 'paginate' },
  psql: { short: 'cfoLvP', long: 'file log-file set variable pset', words: /\\/ },
  jq: { short: 'fL', long: 'from-file library-path', words: /\b(env|import|include|input_filename|input)\b/ },
};

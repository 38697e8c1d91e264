import { onlyOptions, operands, refusedOption } from './options.ts';

/** Names of scripts and targets that are there to send something out, or to put something elsewhere. */
const OUTWARD = /install|deploy|publish|release|upload|push|ship|login|setup/i;
/** Not scripts but programs, which package managers run by the same words. */
const PROGRAMS = /^(node|env|exec|sh|bash|zsh|python3?|npx|npm|git|curl)$/;
const isWork = (name: string | undefined): boolean =>
  name !== undefined &&
  /^[\w:.-]+$/.test(name) &&
  !name.startsWith('-') &&
  !OUTWARD.test(name) &&
  !PROGRAMS.test(name);

/** Options that only say which of the workspace's packages are meant, or how much is told. */
const NPM_OPTIONS = ['-s', '--silent', '--if-present', '--workspaces', '-ws', '-r', '--recursive'];

function isScriptRun([verb, ...rest]: readonly string[]): boolean {
  const args = ['run', 'run-script'].includes(verb ?? '') ? rest : null;
  if (args === null && !['test', 't'].includes(verb ?? '')) return false;
  if (args !== null && !isWork(args[0])) return false;
  const own = (args ?? rest).slice(args === null ? 0 : 1);
  const end = own.indexOf('--');
  return onlyOptions(end === -1 ? own : own.slice(0, end), NPM_OPTIONS);
}

const GO_OPTIONS = [
  '-v',
  '-race',
  '-run',
  '-count',
  '-short',
  '-cover',
  '-bench',
  '-benchmem',
  '-timeout',
  '-x',
];

/** Programs that work on what is in the workspace where their arguments are so. They run the workspace's own code. */
const WORKERS: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  npm: isScriptRun,
  pnpm: isScriptRun,
  yarn: isScriptRun,
  make: (args) => args.every((arg) => isWork(arg) || /^(-j\d*|-k|-s|-B|-n)$/.test(arg)),
  cargo: ([verb = '', ...args]) =>
    ['build', 'b', 'check', 'c', 'test', 't', 'run', 'r', 'clippy', 'fmt', 'doc', 'bench'].includes(verb) &&
    refusedOption(args, { short: 'ZC', long: ['config', 'unit-graph', 'open', 'fix'] }) === null,
  go: ([verb = '', ...args]) =>
    (['build', 'test', 'vet', 'fmt'].includes(verb) && onlyOptions(args, GO_OPTIONS) && !hasVersion(args)) ||
    (verb === 'run' && onlyOptions(args, []) && /^\.|\.go$/.test(args[0] ?? '') && !hasVersion(args)),
  pytest: isPytest,
  python: ([option, module, ...args]) => option === '-m' && module === 'pytest' && isPytest(args),
  python3: ([option, module, ...args]) => option === '-m' && module === 'pytest' && isPytest(args),
  node: (args) =>
    args[0] === '--test'
      ? operands(args).length === args.length - 1 && operands(args).every(isScript)
      : isScript(args[0] ?? ''),
};

// A module of another place, which go would load.
const hasVersion = (args: readonly string[]) => args.some((arg) => arg.includes('@'));
const isScript = (name: string) => !name.startsWith('-') && /\.[cm]?[jt]s$/.test(name);

function isPytest(args: readonly string[]): boolean {
  return (
    refusedOption(args, { short: 'pco', long: ['pastebin', 'rootdir', 'basetemp', 'override-ini'] }) === null
  );
}

/** True where the program works on the workspace with these arguments; null where it is none of those. */
export function isWorkInside(program: string, args: readonly string[]): boolean | null {
  if (!Object.hasOwn(WORKERS, program)) return null;
  return WORKERS[program]?.(args) ?? null;
}

/** Programs that change the files they name. Options that take a path are seen as every argument is. */
export const FILE_PROGRAMS: ReadonlySet<string> = new Set([
  'mkdir',
  'touch',
  'mv',
  'cp',
  'rm',
  'rmdir',
  'tee',
]);

const NETWORK = (
  'curl wget ssh scp sftp rsync ftp nc ncat netcat telnet socat dig nslookup ping gh glab aws gcloud az kubectl helm ' +
  'docker podman terraform heroku vercel netlify fly flyctl twine'
).split(' ');
const AS_OTHERS = ['sudo', 'su', 'doas', 'pkexec', 'runuser'];
const INSTALLERS =
  'apt apt-get yum dnf apk pacman brew snap pip pip3 pipx uv uvx npx pnpx bunx gem bundle composer poetry conda'.split(
    ' ',
  );

/** Why a program that is in no table is asked about. `shown` is its name as it is put into a sentence. */
export function whyAsked(program: string, shown: string, args: readonly string[]): string {
  if (NETWORK.includes(program)) return `${shown} reaches the network`;
  if (AS_OTHERS.includes(program)) return `${shown} acts as another user`;
  if (INSTALLERS.includes(program)) return `${shown} installs packages`;
  if (['npm', 'pnpm', 'yarn', 'bun'].includes(program)) return whyAskedOfNpm(shown, args[0]);
  return `${shown} is not known to stay in it`;
}

function whyAskedOfNpm(shown: string, verb: string | undefined): string {
  if (verb === undefined || ['install', 'i', 'ci', 'add', 'update', 'up', 'dlx', 'exec', 'x'].includes(verb))
    return `${shown} installs packages`;
  if (['publish', 'login', 'audit', 'view'].includes(verb)) return `${shown} reaches the network`;
  return `${shown} is not known to stay in it with these arguments`;
}

import type { ShellWord } from './shell-commands.ts';
import { inTextOf } from './text-runners.ts';

/** What a command runs besides itself. */
export interface Inner {
  /** Words of another command, or shell text. */
  readonly words?: readonly ShellWord[];
  readonly text?: string;
  readonly shown: string;
}

/** What a program does with the words after it. */
export interface Unwrapped {
  readonly inner: readonly Inner[];
  /** It does nothing but run them, as they stand and where it is. */
  readonly isTransparent: boolean;
  /** Why it is not known what it runs; null where it is. */
  readonly reason: string | null;
}

const NOTHING: Unwrapped = { inner: [], isTransparent: false, reason: null };

interface Wrapper {
  /** Options without a value; letters, or whole with their dashes. */
  readonly flags?: readonly string[];
  /** Options whose value is the next word. */
  readonly valued?: readonly string[];
  /** Words of its own that come before the command. */
  readonly operands?: number;
  readonly isTransparent: boolean;
}

const list = (text: string) => text.split(' ');
const TIMEOUT = /^\d+(\.\d+)?[smhd]?$/;

/** Programs that run the words after their own. With any other option it is not known what they run. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  command: { flags: ['-p'], isTransparent: true },
  builtin: { isTransparent: true },
  nohup: { isTransparent: true },
  time: { flags: ['-p'], isTransparent: true },
  nice: { valued: ['-n'], isTransparent: true },
  ionice: { valued: ['-c', '-n'], isTransparent: true },
  timeout: {
    flags: list('--foreground --preserve-status -v'),
    valued: list('-k -s'),
    operands: 1,
    isTransparent: true,
  },
  stdbuf: { flags: list('-oL -o0 -eL -e0 -iL -i0'), isTransparent: true },
  setsid: { flags: list('-w -f --wait --fork'), isTransparent: true },
  env: { flags: list('-i -'), valued: ['-u'], isTransparent: true },
  exec: { isTransparent: false },
  coproc: { isTransparent: false },
  sudo: {
    flags: list('-n -E -H -S -b -k -i -s --non-interactive --preserve-env --login --shell'),
    valued: list('-u -g -h -p -C -D -R -T -r -t --user --group'),
    isTransparent: false,
  },
  doas: { flags: ['-n', '-s'], valued: ['-u', '-C'], isTransparent: false },
  chroot: { operands: 1, isTransparent: false },
  strace: { flags: ['-f', '-ff'], valued: list('-o -e -s'), isTransparent: false },
  flock: { flags: list('-n -x -s -u'), valued: list('-w -E'), operands: 1, isTransparent: false },
  watch: { flags: list('-d -t -b -e -g -x'), valued: ['-n'], isTransparent: false },
  parallel: { flags: list('-k -v -0 --bar'), valued: ['-j'], isTransparent: false },
  xargs: {
    flags: list('-0 -r -t -p -x --null --no-run-if-empty'),
    valued: list('-n -P -I -L -d -s -a -E'),
    isTransparent: false,
  },
  busybox: { isTransparent: false },
  toybox: { isTransparent: false },
  unshare: { flags: list('-r -n -m -p -f -U'), isTransparent: false },
  script: { flags: ['-q', '-e'], valued: ['-c'], isTransparent: false },
  npx: { flags: ['-y', '--yes', '--no'], valued: ['-p'], isTransparent: false },
  pkexec: { valued: ['--user'], isTransparent: false },
};

/** Without a command they start a shell, which runs what it reads. */
const SHELL_ALONE = list('sudo doas chroot unshare script');
/** With one of these `sudo` starts none. */
const NO_SHELL = /^(-[lvkKVe]|--(list|validate|reset-timestamp|remove-timestamp|version|help))$/;

/** True for a program that runs the words after its own. */
export const isWrapper = (program: string): boolean => Object.hasOwn(WRAPPERS, program);

/** The programs that a command runs by its arguments. */
export function unwrap(words: readonly ShellWord[]): Unwrapped {
  const program = programName(words[0]);
  if (program === null) return NOTHING;
  const rest = words.slice(1);
  if (program === 'command' && /^-[vV]$/.test(rest[0]?.text ?? '')) return NOTHING;
  const wrapper = Object.hasOwn(WRAPPERS, program) ? WRAPPERS[program] : undefined;
  if (wrapper) return unwrapWords(program, wrapper, rest);
  if (program === 'find') return unwrapFind(rest);
  return inTextOf(program, rest) ?? NOTHING;
}

const SYSTEM = /^\/(usr\/(local\/)?)?s?bin\/(?=[^/]+$)/;

/** The name by which a program is known: `/bin/rm` is `rm`, `./rm` is not. Null where it is not known. */
export function programName(word: ShellWord | undefined): string | null {
  if (!word?.isKnown || word.hasGlob) return null;
  return word.text.replace(SYSTEM, '');
}

function unwrapWords(program: string, wrapper: Wrapper, words: readonly ShellWord[]): Unwrapped {
  const { flags = [], valued = [], operands = 0, isTransparent } = wrapper;
  let at = 0;
  let isSure = true;
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (!word?.isKnown) break;
    const { text } = word;
    if (text === '--') {
      at += 1;
      break;
    }
    const isVariable = (program === 'env' || program === 'sudo') && /^\w+=/.test(text);
    if (isVariable) {
      isSure = false;
      continue;
    }
    if (!text.startsWith('-') || (text === '-' && program !== 'env')) break;
    if (valued.includes(text)) {
      at += 1;
      // `strace` runs what stands behind these letters.
      if (/^[|!]/.test(words[at]?.text ?? '')) isSure = false;
    } else if (!flags.includes(text) && !(program === 'nice' && /^-\d+$/.test(text))) isSure = false;
  }
  const own = words.slice(at, at + operands);
  if (program === 'timeout' && !own.every(({ text }) => TIMEOUT.test(text))) isSure = false;
  const inner = words.slice(at + operands);
  if (inner.length === 0) {
    const isShell = SHELL_ALONE.includes(program) && !words.some(({ text }) => NO_SHELL.test(text));
    const reason = isShell ? `what a shell reads by \`${program}\`` : isSure ? null : unsure(program);
    return { inner: [], isTransparent: false, reason };
  }
  const isText = (program === 'watch' || program === 'parallel') && inner.length === 1;
  // What it reads becomes words of the command.
  const more = program === 'xargs' || program === 'parallel' ? [READ] : [];
  const one = isText ? { text: inner[0]?.text ?? '' } : { words: [...inner, ...more] };
  return {
    inner: [{ ...one, shown: program }],
    isTransparent: isTransparent && isSure,
    reason: isSure && inner[0]?.isKnown && !inner[0].hasGlob ? null : unsure(program),
  };
}

/** Any path at all. */
const READ: ShellWord = { text: '/*', hasGlob: true, isKnown: true };

const unsure = (program: string) => `options of \`${program}\` that are not judged`;

function unwrapFind(words: readonly ShellWord[]): Unwrapped {
  const inner: Inner[] = [];
  words.forEach(({ text, isKnown }, at) => {
    if (!isKnown || !/^-(exec|execdir|ok|okdir)$/.test(text)) return;
    const rest = words.slice(at + 1);
    const end = rest.findIndex((word) => word.isKnown && (word.text === ';' || word.text === '+'));
    inner.push({ words: end === -1 ? rest : rest.slice(0, end), shown: `find ${text}` });
  });
  return { inner, isTransparent: false, reason: null };
}

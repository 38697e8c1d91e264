import type { ShellWord } from './shell-commands.ts';
import type { Unwrapped } from './wrappers.ts';

const SHELLS = ['sh', 'bash', 'dash', 'zsh', 'ksh', 'mksh', 'ash', 'fish', 'rbash'];
const KNOWN_SHELLS = ['sh', 'bash', 'dash'];
/** Interpreters, with what makes them run their next word. */
const INTERPRETERS: Readonly<Record<string, RegExp>> = {
  python: /^-[A-Za-z]*c/,
  python2: /^-[A-Za-z]*c/,
  python3: /^-[A-Za-z]*c/,
  perl: /^-[A-Za-z0-9]*[eE]/,
  ruby: /^-[A-Za-z]*e/,
  node: /^(-[A-Za-z]*[ep]|--eval|--print)/,
  php: /^-[rRBE]/,
  lua: /^-e/,
  osascript: /^-e/,
  tclsh: /^-c/,
};

/** Programs that run others by what they read, or by files that they are given. */
const COMMANDED =
  'ed ex vi vim nvim gdb lldb sftp ftp lftp dc at batch crontab expect irb ghci R octave gnuplot'.split(' ');

const isListing = (program: string, words: readonly ShellWord[]) =>
  program === 'crontab' && words.length === 1 && words[0]?.text === '-l';

/** What a program runs that takes text as a program. Null for one that takes none. */
export function inTextOf(program: string, words: readonly ShellWord[]): Unwrapped | null {
  if (SHELLS.includes(program)) return shell(program, words);
  if (program === 'eval') return evaluated(words);
  if (program === 'ssh') return remote(words);
  if (program === 'su' || program === 'runuser') return afterOption(program, words, ['-c', '--command']);
  if (program === 'trap') return firstAsText(program, words);
  if (program === 'alias') return aliases(words);
  if (program === 'git') return gitSettings(words);
  if (program === 'tar') return tarActions(words);
  if (COMMANDED.includes(program) && !isListing(program, words)) return unknown(`what \`${program}\` reads`);
  if (Object.hasOwn(DATABASES, program)) return database(program, words);
  if (['source', '.'].includes(program)) return unknown('a file of commands');
  const isRun = Object.hasOwn(INTERPRETERS, program) ? INTERPRETERS[program] : undefined;
  if (isRun && words.some(({ text }) => isRun.test(text))) return unknown(`a program for \`${program}\``);
  const isRead = words.length === 0 || words.some(({ text }) => /^(-$|\/(dev|proc)\/)/.test(text));
  if (isRun && isRead) return unknown(`what \`${program}\` reads`);
  if (/^[gmn]?awk$/.test(program) && words.some(({ text }) => /system|getline|\||>|^-[fEil]|^--/.test(text)))
    return unknown('a program for `awk`');
  if (program === 'sed' && !isPlainSed(words)) return unknown('a script for `sed`');
  return null;
}

const unknown = (reason: string): Unwrapped => ({ inner: [], isTransparent: false, reason });

function shell(program: string, words: readonly ShellWord[]): Unwrapped {
  const at = words.findIndex(({ text }) => /^-[A-Za-z]*c[A-Za-z]*$/.test(text));
  const [first] = words;
  if (at === -1) {
    const isFile = first?.isKnown === true && !/^([-+]|\/dev\/|\/proc\/)/.test(first.text);
    return isFile ? unknownFileOnly() : unknown(`what \`${program}\` reads`);
  }
  const text = words[at + 1];
  if (!text?.isKnown || text.hasGlob) return unknown(`a text for \`${program}\` that is not known`);
  const isPlain = at === 0 && /^-(e|u|eu)?c$/.test(first?.text ?? '') && words.length === 2;
  return {
    inner: [{ text: text.text, shown: `${program} -c` }],
    isTransparent: isPlain && KNOWN_SHELLS.includes(program),
    reason:
      isPlain && KNOWN_SHELLS.includes(program) ? null : `options of \`${program}\` that are not judged`,
  };
}

// A script of its own: what it does is not text, and the command is judged as any other.
const unknownFileOnly = (): Unwrapped => ({ inner: [], isTransparent: false, reason: null });

function evaluated(words: readonly ShellWord[]): Unwrapped {
  const isKnown = words.every((word) => word.isKnown && !word.hasGlob);
  const text = words.map((word) => word.text).join(' ');
  return {
    inner: [{ text, shown: 'eval' }],
    isTransparent: false,
    reason: isKnown ? null : 'a text for `eval` that is not known',
  };
}

function remote(words: readonly ShellWord[]): Unwrapped {
  let at = 0;
  while (at < words.length && words[at]?.text.startsWith('-'))
    at += /^-[BbcDEeFIiJLlmOopQRSWw]$/.test(words[at]?.text ?? '') ? 2 : 1;
  const command = words.slice(at + 1);
  const isKnown = words.every((word) => word.isKnown && !word.hasGlob);
  const text = command.map((word) => word.text).join(' ');
  if (command.length === 0) return unknown('what a shell reads by `ssh`');
  const reason = isKnown ? null : 'a text for `ssh` that is not known';
  return { inner: [{ text, shown: 'ssh' }], isTransparent: false, reason };
}

// Statements alone run nothing: `\\!`, `.shell` and their like do, also where they are read.
function database(program: string, words: readonly ShellWord[]): Unwrapped | null {
  const texts = words.map(({ text }) => text);
  const isGiven = DATABASES[program]?.(texts) ?? false;
  const isPlain =
    words.every(({ isKnown }) => isKnown) &&
    texts.every((text) => SHOWN_BY_DATABASE.test(text) || !RUNS_BY_DATABASE.test(text));
  const runs = MYSQL.includes(program) && texts.some((text) => RUNS_BY_MYSQL.test(text));
  return isGiven && isPlain && !runs ? null : unknown(`what \`${program}\` reads`);
}

const hasOption = (option: RegExp) => (texts: readonly string[]) => texts.some((text) => option.test(text));
const byExecute = hasOption(/^(-e|--execute=?$|--(help|version)$)/);
/** Whether they are given what to do; else they read it. */
const DATABASES: Readonly<Record<string, (texts: readonly string[]) => boolean>> = {
  psql: hasOption(/^(-[^-]*[cl]|--(command|list)|--(help|version)$)/),
  sqlite3: (texts) => texts.filter((text) => !text.startsWith('-')).length > 1,
  mysql: byExecute,
  mariadb: byExecute,
};
const MYSQL = ['mysql', 'mariadb'];

const RUNS_BY_DATABASE =
  /\\|^\s*\.|\n\s*\.|\bprogram\b|load_extension|\b(edit|writefile)\s*\(|^-+(cmd|init|f|file)/i;
const SHOWN_BY_DATABASE = /^\.(tables|schema|databases|indexes|indices)( [\w%]+)?$/;
// Words that it takes for commands of its own, wherever a statement may begin, and options that run or write.
const RUNS_BY_MYSQL =
  /\b(system|source|pager|tee|edit|delimiter|outfile|dumpfile|infile)\b|^--(pager|tee|plugin|init|default)/i;

function afterOption(program: string, words: readonly ShellWord[], options: readonly string[]): Unwrapped {
  const at = words.findIndex(({ text }) => options.includes(text));
  const text = at === -1 ? undefined : words[at + 1];
  if (!text) return { inner: [], isTransparent: false, reason: null };
  return {
    inner: [{ text: text.text, shown: program }],
    isTransparent: false,
    reason: text.isKnown ? null : `a text for \`${program}\``,
  };
}

function firstAsText(program: string, words: readonly ShellWord[]): Unwrapped {
  const [text] = words;
  return { inner: text ? [{ text: text.text, shown: program }] : [], isTransparent: false, reason: 'a trap' };
}

function aliases(words: readonly ShellWord[]): Unwrapped {
  const inner = words.flatMap(({ text }) => {
    const value = /^[^=]+=(.*)$/s.exec(text)?.[1];
    return value === undefined ? [] : [{ text: value, shown: 'alias' }];
  });
  return { inner, isTransparent: false, reason: 'an alias' };
}

/** Settings whose value git runs. */
const RUN_BY_GIT =
  /^(alias\..+=!|core\.(pager|editor|sshcommand|fsmonitor|hookspath|askpass|gitproxy)=|.*(pager|editor|cmd|command|program|helper|textconv|external|driver|process|clean|smudge).*=)/i;

function gitSettings(words: readonly ShellWord[]): Unwrapped {
  const inner = words.flatMap(({ text }, at) => {
    const setting = words[at - 1]?.text === '-c' ? text : (/^-c(?=\S)(.+)$/.exec(text)?.[1] ?? '');
    if (!RUN_BY_GIT.test(setting)) return [];
    return [{ text: setting.slice(setting.indexOf('=') + 1).replace(/^!/, ''), shown: 'git -c' }];
  });
  return { inner, isTransparent: false, reason: null };
}

function tarActions(words: readonly ShellWord[]): Unwrapped {
  const inner = words.flatMap(({ text }) => {
    const action =
      /^--checkpoint-action=exec=(.*)$/s.exec(text)?.[1] ??
      /^--(?:to-command|use-compress-program|rsh-command|info-script|new-volume-script)=(.*)$/s.exec(
        text,
      )?.[1];
    return action === undefined ? [] : [{ text: action, shown: 'tar' }];
  });
  return { inner, isTransparent: false, reason: null };
}

const ADDRESS = /^((\d+|\$|\/[^/\\]*\/)(,(\d+|\$|\/[^/\\]*\/))?)?/;
const SUBSTITUTION =
  /^s(?:\/[^/\\\n]*\/[^/\\\n]*\/|\|[^|\\\n]*\|[^|\\\n]*\||#[^#\\\n]*#[^#\\\n]*#|,[^,\\\n]*,[^,\\\n]*,)[gpiI0-9]*$/;

// One of `s///`, `p`, `d`, `q` on lines: no `e`, no `w`, no scripts from files.
function isPlainSed(words: readonly ShellWord[]): boolean {
  if (!words.every((word) => word.isKnown && !/^(-[^-]*f|--)/.test(word.text))) return false;
  const texts = words.map(({ text }) => text);
  const isOption = (text: string) => /^-[nErsiz]+$/.test(text);
  if (texts.some((text) => text.startsWith('-') && text !== '-e' && !isOption(text))) return false;
  const first = texts.find((text) => !text.startsWith('-'));
  const given = texts.filter((_text, at) => texts[at - 1] === '-e');
  const scripts = given.length > 0 ? given : [first ?? ''];
  return scripts.every((script) => {
    const command = script.replace(ADDRESS, '');
    return /^[pdq]$/.test(command) || SUBSTITUTION.test(command);
  });
}

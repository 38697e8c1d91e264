import type { ApprovalSubject } from '@farhand/shared/model/approvals';
import { escapeOf } from '../../policy/rules/escapes.ts';
import { readShell, type SimpleCommand, type Word } from './shell-text.ts';

const LONGEST = 300;
/** Programs whose first word says what they do, so that the rest may differ. */
const WITH_SUBCOMMANDS =
  'git npm pnpm yarn cargo go docker podman kubectl helm gh glab terraform pip pip3 apt apt-get brew bundle poetry uv'.split(
    ' ',
  );
/** Subcommands that run, or set up, whatever the next words say: only exactly those words are taken. */
const OPEN_ENDED = (
  'exec x run dlx run-script config start env rebase bisect submodule filter-branch worktree alias plugin tool remote ' +
  'api extension create init link ssh cp clone grep archive'
).split(' ');
/** Subcommands of which only the word after that says what they do. */
const WITH_GROUPS = (
  'docker container,docker image,docker volume,docker network,docker compose,docker buildx,docker context,' +
  'docker system,podman container,podman image,podman volume,podman network,podman compose,podman system,helm repo,' +
  'terraform state,terraform workspace,uv pip,npm token,npm cache,npm access,npm owner,npm team,npm org,npm dist-tag'
).split(',');
/** What “always allow” stores for this subject; null where nothing short enough says it. */
export function patternOf(subject: ApprovalSubject): string | null {
  const pattern = subject.kind === 'command' ? patternOfCommand(subject.command) : patternOfOther(subject);
  return pattern !== null && pattern.length <= LONGEST && !/[\p{C}]/u.test(pattern) ? pattern : null;
}

/** True where one of the patterns is met by this simple command; `*` at a pattern's end is any words, none too. */
export function meetsPattern(command: SimpleCommand, patterns: readonly string[]): boolean {
  const words = plainWords(command);
  if (words === null) return false;
  const line = words.join(' ');
  return patterns.some((pattern) => {
    if (pattern.startsWith('[')) return false;
    if (!pattern.endsWith(' *')) return line === pattern;
    const prefix = pattern.slice(0, -2);
    if (line === prefix) return true;
    return line.startsWith(`${prefix} `) && !reachesEverywhere(command, prefix.split(' ').length);
  });
}

function patternOfCommand(text: string): string | null {
  const shell = readShell(text);
  const [command, ...more] = shell.isKnown ? shell.commands : [];
  if (!command || more.length > 0) return null;
  const words = plainWords(command);
  if (words === null) return null;
  const [program = '', subcommand = ''] = words;
  const count = isGroup(program, subcommand) ? 3 : 2;
  const said = words.slice(1, count);
  const isOpen = said.length < count - 1 || said.some((word) => !isSaying(word));
  const isCovered = WITH_SUBCOMMANDS.includes(program) && !isOpen && !reachesEverywhere(command, count);
  return isCovered ? `${[program, ...said].join(' ')} *` : words.join(' ');
}

const isSaying = (word: string) => /^[a-z][a-z-]*$/.test(word) && !OPEN_ENDED.includes(word);

function isGroup(program: string, subcommand: string): boolean {
  return ['gh', 'glab'].includes(program) || WITH_GROUPS.includes(`${program} ${subcommand}`);
}

// What “any words” may not hold is the same as for the star of a rule.
function reachesEverywhere({ words }: SimpleCommand, from: number): boolean {
  const texts = words.map(({ text }) => text);
  const places = texts.map((_text, at) => at).filter((at) => at >= from);
  return escapeOf(texts, places) !== null;
}

// Words as the shell would be given them; null where the command is more than words.
function plainWords({ words, redirections }: SimpleCommand): string[] | null {
  if (redirections.length > 0 || words.some(({ hasGlob }) => hasGlob)) return null;
  if (words[0]?.text.startsWith('[')) return null;
  return words.map(quoted);
}

function quoted({ text }: Word): string {
  return /^[\w@%+=:,./^~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

// The brackets keep them apart from commands, which never begin with one.
function patternOfOther(subject: ApprovalSubject): string | null {
  if (subject.kind === 'tool') return `[tool] ${subject.tool}`;
  if (subject.kind === 'read') return `[read] ${subject.path}`;
  if (subject.kind === 'edit') {
    const [file, ...more] = subject.files;
    return file && more.length === 0 ? `[edit] ${file.path}` : null;
  }
  return subject.kind === 'fetch' ? originOf(subject.url) : null;
}

function originOf(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? `[fetch] ${parsed.origin}/*` : null;
}

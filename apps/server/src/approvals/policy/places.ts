import { posix } from 'node:path';
import type { Word } from './shell-text.ts';

/**
 * Names that make programs run something, or that are not the agent's: writing there is asked about though it is inside
 * the workspace. In lower case, for some hosts do not tell cases apart.
 */
const SENSITIVE: ReadonlySet<string> = new Set(
  (
    '.git .farhand .githooks .husky .gitconfig .gitmodules .pre-commit-config.yaml .lefthook.yml ' +
    'lefthook.yml .envrc .direnv .mise.toml mise.toml .mise .vscode .devcontainer .idea .claude .codex ' +
    '.gemini .cursor .qwen .mcp.json .npmrc .yarnrc .yarnrc.yml .yarn .pnpmfile.cjs .pnp.cjs .cargo ' +
    '.pre-commit-config.yml .lefthook.yaml lefthook.yaml lefthook.toml lefthook.json lefthook-local.yml ' +
    'lefthook-local.yaml .tool-versions .bazelrc .zed .opencode opencode.json opencode.jsonc .kilo .kilocode .cline ' +
    '.clinerules .goose .goosehints .copilot .pi .vimrc .exrc .nvim.lua .gdbinit .lldbinit .netrc .pypirc .gnupg ' +
    '.devcontainer.json mise.local.toml .mise.local.toml .rtx.toml .augment .kimi .vibe .amp .windsurf .roo .continue ' +
    '.aider.conf.yml .crush.json crush.json .irbrc .pryrc .pdbrc .rspec .bundle .mvn .nvimrc .lazy.lua ' +
    '.profile .bashrc .bash_profile .bash_login .zshrc .zshenv .zprofile .ssh'
  ).split(' '),
);

/** True for a path in which a name is one that makes programs run something. */
export function isSensitive(path: string): boolean {
  // Some file systems take letters that are not seen for nothing.
  const plain = path.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
  return plain.split(/[/\\]/).some((name) => SENSITIVE.has(name.trim().toLowerCase()));
}

/** True where the path, absolute or relative to the workspace, lies in it. Links are not looked at. */
export function isInside(directory: string | null, path: string): boolean {
  if (directory === null || !directory.startsWith('/') || path.includes('\0') || path.startsWith('~'))
    return false;
  const root = posix.resolve(directory);
  const wanted = posix.resolve(root, path);
  return wanted === root || wanted.startsWith(root === '/' ? root : `${root}/`);
}

/** Where a command runs. */
export interface CommandPlace {
  readonly directory: string | null;
  readonly cwd: string;
  /** A `cd` came before: what is relative to the parent is not known any more. */
  readonly hasMoved: boolean;
  /** It runs in one of several folders of the workspace: `cwd` is only one of them. */
  readonly isSomewhere?: boolean;
}

/**
 * True where an argument cannot name anything outside the workspace, whatever the program takes it for: a path, an
 * option with a path in it, an address.
 */
export function staysInside({ text }: Pick<Word, 'text'>, place: CommandPlace): boolean {
  if (/:\/\//.test(text) || /^[\w.-]+@[\w.-]+:/.test(text)) return false;
  // Options in a group, the last with its value: `-5f/etc/x`. Where the value begins only the program knows.
  const value = /^-[^-/.][^/.]*([/.].*)$/.exec(text)?.[1];
  if (value !== undefined && !isPieceInside(value, place)) return false;
  const pieces = text.split(/[=:,@]/);
  return [text.replace(/^-{1,2}[A-Za-z]*/, ''), ...pieces].every((piece) => isPieceInside(piece, place));
}

function isPieceInside(piece: string, { directory, cwd, hasMoved }: CommandPlace): boolean {
  if (piece.startsWith('~')) return false;
  const option = /^-+[A-Za-z]*(?=[/.])/.exec(piece);
  const path = option ? piece.slice(option[0].length) : piece;
  const names = path.split('/');
  const up = names.lastIndexOf('..');
  // After a folder that may be a link, `..` can lead anywhere.
  if (up !== -1 && (hasMoved || names.slice(0, up).some((name) => name !== '..'))) return false;
  // Out and in again is not the same place where the folder is reached by a link.
  if (up !== -1 && !isInside(directory, posix.resolve(cwd, names.slice(0, up + 1).join('/')))) return false;
  return isInside(directory, path.startsWith('/') ? path : posix.resolve(cwd, path));
}

/** True where writing to what an argument names is asked about though it is inside: see `isSensitive`. */
export function isSensitiveTarget({ text, hasGlob }: Word): boolean {
  const names = [...text.split(/[=:,]/), text.replace(/^-+[A-Za-z]*/, '')];
  return names.some(isSensitive) || (hasGlob && /(^|\/)\.[^/]*[*?[]/.test(text));
}

/** True for the folder in which a command runs, or one that is named as a whole with what is hidden in it: `src/.`. */
export function isWholeFolder(text: string, { directory, cwd }: CommandPlace): boolean {
  if (text.startsWith('-')) return false;
  if (/(^|\/)\.\/*$/.test(text)) return true;
  const path = posix.resolve(cwd, text);
  return [cwd, directory].some((folder) => folder !== null && path === posix.resolve(folder));
}

/** Names that a person gave hosts in the ssh config. Only to offer them: how a host is reached, `ssh` decides. */
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { type HostId, hostId } from '@farhand/shared/model/hosts';
import { LineType, parse, SSHConfig } from 'ssh-config';

/** As in OpenSSH (READCONF_MAX_DEPTH). */
const MAX_INCLUDE_DEPTH = 16;
const MAX_FILES = 200;

/**
 * The aliases of `Host` lines in order, includes followed; patterns (`*`, `?`) and negations are no names and are left
 * out, and so is what `ssh` would not take. A missing or broken file gives none. `folders` are those in which a changed
 * file may mean other aliases.
 */
export async function readAliases(configPath: string): Promise<{ aliases: HostId[]; folders: string[] }> {
  const aliases = new Set<HostId>();
  const folder = path.dirname(configPath);
  const reading: Reading = { aliases, folder, files: new Set(), folders: new Set() };
  await readConfig(reading, configPath, 0);
  return { aliases: [...aliases], folders: [...reading.folders] };
}

interface Reading {
  readonly aliases: Set<HostId>;
  /** What relative includes start from, in every file: `~/.ssh`. */
  readonly folder: string;
  readonly files: Set<string>;
  /** Of all files that were read or would have been. */
  readonly folders: Set<string>;
}

async function readConfig(reading: Reading, file: string, depth: number): Promise<void> {
  if (depth > MAX_INCLUDE_DEPTH || reading.files.has(file) || reading.files.size >= MAX_FILES) return;
  reading.files.add(file);
  reading.folders.add(path.dirname(file));
  const lines = await parseFile(file);
  await readLines(reading, lines, depth);
}

async function parseFile(file: string): Promise<SSHConfig> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch {
    return new SSHConfig();
  }
}

async function readLines(reading: Reading, lines: SSHConfig, depth: number): Promise<void> {
  for (const line of lines) {
    if (line.type !== LineType.DIRECTIVE) continue;
    const param = line.param.toLowerCase();
    const words = wordsOf(line.value);
    if (param === 'host') addAliases(reading.aliases, words);
    if (param === 'include') {
      for (const pattern of words) await include(reading, pattern, depth + 1);
    }
    if ('config' in line) await readLines(reading, line.config as SSHConfig, depth);
  }
}

function wordsOf(value: string | readonly { readonly val: string }[]): string[] {
  return typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : value.map((part) => part.val);
}

function addAliases(aliases: Set<HostId>, words: readonly string[]): void {
  for (const word of words) {
    if (/[*?!]/.test(word)) continue;
    const parsed = hostId.safeParse(word);
    if (parsed.success) aliases.add(parsed.data);
  }
}

async function include(reading: Reading, pattern: string, depth: number): Promise<void> {
  const expanded = pattern.startsWith('~/') ? path.join(homedir(), pattern.slice(2)) : pattern;
  const absolute = path.resolve(reading.folder, expanded);
  const files = await matchingFiles(absolute);
  // A file that comes to match is one more to read.
  if (!/[*?[]/.test(path.dirname(absolute))) reading.folders.add(path.dirname(absolute));
  for (const file of files) await readConfig(reading, file, depth);
}

/** Paths that match `*`, `?` and `[…]` in any part of an absolute pattern, sorted. */
async function matchingFiles(pattern: string): Promise<string[]> {
  const { root } = path.parse(pattern);
  let found = [root];
  for (const part of pattern.slice(root.length).split(path.sep)) {
    const next = await Promise.all(found.map((folder) => matchesIn(folder, part)));
    found = next.flat();
  }
  return found;
}

async function matchesIn(folder: string, part: string): Promise<string[]> {
  if (!/[*?[]/.test(part)) return [path.join(folder, part)];
  const names = await readdir(folder).catch(() => []);
  const glob = globExpression(part);
  return names
    .filter((name) => glob.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .toSorted()
    .map((name) => path.join(folder, name));
}

function globExpression(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
    .replace(/\[!/g, '[^');
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return /^\b$/;
  }
}

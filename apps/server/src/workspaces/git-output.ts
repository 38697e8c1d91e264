/** Reads what git prints with `-z`. Names are bytes; what is not UTF-8 in them becomes U+FFFD. */
import type { ChangedFile } from '@farhand/shared/model/workspaces';

/** Cuts one output into the sections that lines of `marker` separate; a section cut short by a limit is said to be so. */
export function splitSections(
  output: Uint8Array,
  marker: string,
  limit: number,
): { bytes: Buffer; isCut: boolean }[] {
  const sections: { bytes: Buffer; isCut: boolean }[] = [];
  const buffer = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
  const line = `\n${marker}\n`;
  let from = 0;
  for (;;) {
    const at = buffer.indexOf(line, from);
    if (at < 0) return sections;
    const bytes = buffer.subarray(from, at);
    sections.push({ bytes, isCut: bytes.byteLength >= limit });
    from = at + line.length;
  }
}

/** The records of a `-z` output; the last of a cut one may be half and is left out. */
export function fieldsOf({ bytes, isCut }: { bytes: Buffer; isCut: boolean }): string[] {
  const fields = bytes.toString('utf8').split('\0');
  // The text after the last NUL: empty, or the half record of a cut.
  fields.pop();
  return isCut ? fields.slice(0, -2) : fields;
}

const STATUS: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  C: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'type_changed',
  U: 'conflicted',
};

/** Of `git diff --raw --numstat -z -M`: first the raw records, then the numbers. */
export function parseDiff(fields: readonly string[]): ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (let at = 0; at < fields.length; ) {
    const head = fields[at] ?? '';
    at += head.startsWith(':') ? readRaw(fields, at, files) : readNumbers(fields, at, files);
  }
  return [...files.values()];
}

function readRaw(fields: readonly string[], at: number, files: Map<string, ChangedFile>): number {
  const letter = fields[at]?.split(' ').at(-1)?.[0] ?? 'M';
  const hasTwoPaths = letter === 'R' || letter === 'C';
  const previousPath = hasTwoPaths ? (fields[at + 1] ?? null) : null;
  const path = fields[at + (hasTwoPaths ? 2 : 1)];
  const status = STATUS[letter] ?? 'modified';
  // An unmerged path comes twice: the conflict is what a person must see.
  if (path && files.get(path)?.status !== 'conflicted')
    files.set(path, { path, previousPath, status, additions: null, deletions: null });
  return hasTwoPaths ? 3 : 2;
}

function readNumbers(fields: readonly string[], at: number, files: Map<string, ChangedFile>): number {
  const match = /^(?<additions>\d+|-)\t(?<deletions>\d+|-)\t(?<path>.*)$/s.exec(fields[at] ?? '');
  if (!match?.groups) return 1;
  const { additions, deletions, path: inline } = match.groups;
  // An empty path means that the old and the new one follow.
  const path = inline === '' ? fields[at + 2] : inline;
  const file = path === undefined ? undefined : files.get(path);
  if (file) files.set(file.path, { ...file, additions: count(additions), deletions: count(deletions) });
  return inline === '' ? 3 : 1;
}

/** `-` stands for a binary file. */
function count(text: string | undefined): number | null {
  return text === undefined || text === '-' ? null : Number(text);
}

/** Of `git status --porcelain=v2 -z`: what the diff cannot tell. */
export function parseStatus(fields: readonly string[]): {
  untracked: string[];
  conflicted: string[];
  changed: string[];
} {
  const found = { untracked: [] as string[], conflicted: [] as string[], changed: [] as string[] };
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.startsWith('? ')) found.untracked.push(field.slice(2));
    if (field.startsWith('u ')) found.conflicted.push(wordsAfter(field, 10));
    if (field.startsWith('1 ')) found.changed.push(wordsAfter(field, 8));
    if (field.startsWith('2 ')) {
      found.changed.push(wordsAfter(field, 9));
      // The path before the renaming is a record of its own.
      at += 1;
    }
  }
  return found;
}

/** What stands after `count` words: the path, which may hold spaces itself. */
function wordsAfter(field: string, count: number): string {
  return field.split(' ').slice(count).join(' ');
}

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { DirectoryEntry } from '@farhand/shared/runtime/port';
import { type PathRoot, resolveInside } from '../tools/paths.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';

const LARGEST_BYTES = 64 * 1024;
const MOST_FILES = 50;
/** Of which the first files are taken: others may stand between them. */
const MOST_ENTRIES = 500;

/** One file of `.farhand/…` that could be read. */
export interface MarkdownFile extends FrontMatter {
  /** Its name without `.md`. */
  readonly name: string;
  /** Relative to the workspace. */
  readonly path: string;
}

export interface MarkdownFolder {
  /** By name. */
  readonly files: readonly MarkdownFile[];
  /** What could not be read, each with the file and the reason, on one line. */
  readonly problems: readonly string[];
}

/** The Markdown files of a folder of the workspace; whoever wrote them is not trusted. A missing folder has none. Throws only where the host cannot be asked. */
export async function readMarkdownFolder(root: PathRoot, path: string): Promise<MarkdownFolder> {
  try {
    const { real } = await resolveInside(root, path);
    const entries = await root.host.do(({ files }) => files.list(real, { limit: MOST_ENTRIES }));
    const found = entries.filter(({ name, kind }) => kind === 'file' && name.endsWith('.md'));
    const read = await Promise.all(
      found.slice(0, MOST_FILES).map((entry) => readOne(root, { real, path }, entry)),
    );
    const more =
      found.length > MOST_FILES ? [`${path} has more than ${MOST_FILES} files; the rest is left out.`] : [];
    return {
      files: read.filter((one) => typeof one !== 'string'),
      problems: [...read.filter((one) => typeof one === 'string'), ...more],
    };
  } catch (thrown) {
    const said = fileTrouble(thrown);
    if (FarhandError.is(thrown, 'file.not_found')) return { files: [], problems: [] };
    return { files: [], problems: [`${path} cannot be read: ${said}`] };
  }
}

// The file, or what is wrong with it.
async function readOne(
  { host }: PathRoot,
  folder: { real: string; path: string },
  entry: DirectoryEntry,
): Promise<MarkdownFile | string> {
  const name = entry.name.slice(0, -3);
  const path = `${folder.path}/${oneLine(entry.name)}`;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name))
    return `${path} is left out: its name may only have letters, digits, - and _.`;
  if (entry.sizeBytes > LARGEST_BYTES) return `${path} is left out: it is larger than 64 KiB.`;
  try {
    const bytes = await host.do(({ files }) =>
      files.read(`${folder.real}/${entry.name}`, { limit: LARGEST_BYTES }),
    );
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const read = readFrontMatter(text);
    return typeof read === 'string' ? `${path} is left out: ${oneLine(read)}.` : { name, path, ...read };
  } catch (thrown) {
    if (thrown instanceof TypeError) return `${path} is left out: it is not UTF-8 text.`;
    return `${path} is left out: ${fileTrouble(thrown)}`;
  }
}

function fileTrouble(thrown: unknown): string {
  if (FarhandError.is(thrown) && thrown.code.startsWith('file.')) return oneLine(thrown.message);
  throw thrown;
}

/** Text of the host on one line, bounded. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 300);
}

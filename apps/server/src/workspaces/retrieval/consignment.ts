/** What a host sends back: lines that name commits, then a pack. None of it is believed without a look. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';

export interface Consignment {
  /** The commit that is checked out. */
  readonly head: string;
  /** The branch that HEAD names; null where it names none. */
  readonly headBranch: string | null;
  /** The uncommitted work as a commit; null where there is none, or none was asked for. */
  readonly work: string | null;
  /** `refs/heads/…`, `refs/tags/…`, and `refs/stash` once for each entry, newest first. */
  readonly refs: readonly { readonly name: string; readonly commit: string }[];
}

/** First line of what our scripts print; the next version of them prints another. */
export const CONSIGNMENT_MARK = 'farhand 1';

const MAX_HEADER_BYTES = 256 * 1024;
const MAX_REFS = 200;
const END = Buffer.from('\npack\n');
const LINE = /^(?<kind>head|work|ref) (?<commit>[0-9a-f]{40})(?: (?<name>\S{1,250}))?$/;
// As git-check-ref-format(1), and no characters beyond those that a shell or a terminal takes as they are.
const NAME =
  /^refs\/(?:stash|(?:heads|tags)\/(?!\.|\/|.*(?:\.\.|\/\/|@\{|\/\.|\.lock(?:\/|$)|[./]$))[^\s\p{C}~^:?*[\\]+)$/u;

interface Opened {
  readonly consignment: Consignment;
  readonly pack: AsyncGenerator<Buffer>;
}

/** Reads the lines and gives them with the rest, which is the pack. Throws `workspace.fetch_refused`; then nothing more is read. */
export async function openConsignment(output: AsyncGenerator<Buffer>): Promise<Opened> {
  try {
    return await readHeader(output);
  } catch (error) {
    await output.return(undefined);
    throw error;
  }
}

async function readHeader(output: AsyncGenerator<Buffer>): Promise<Opened> {
  let header = Buffer.alloc(0);
  for (;;) {
    const { value, done } = await output.next();
    if (done) throw malformed('it ended before the pack');
    header = Buffer.concat([header, value]);
    const at = header.indexOf(END);
    if (at >= 0 && at <= MAX_HEADER_BYTES) {
      const rest = header.subarray(at + END.length);
      return { consignment: parseConsignment(header.subarray(0, at)), pack: after(rest, output) };
    }
    if (header.byteLength > MAX_HEADER_BYTES) throw malformed('its list of commits has no end');
  }
}

async function* after(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (first.byteLength > 0) yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** Exported for its test: the lines before the pack. */
export function parseConsignment(bytes: Uint8Array): Consignment {
  const [mark, ...lines] = readText(bytes).split('\n');
  if (mark !== CONSIGNMENT_MARK) throw malformed('it does not begin as agreed');
  let head: { commit: string; name: string | null } | null = null;
  let work: string | null = null;
  const refs: { name: string; commit: string }[] = [];
  for (const line of lines) {
    const { kind, commit = '', name } = LINE.exec(line)?.groups ?? {};
    if (name !== undefined && !NAME.test(name)) throw malformed('a name of a branch is none');
    if (kind === 'head' && head === null) head = { commit, name: name ?? null };
    else if (kind === 'work' && work === null && name === undefined) work = commit;
    else if (kind === 'ref' && name !== undefined) refs.push({ name, commit });
    else throw malformed('a line of it cannot be read');
  }
  if (head === null) throw malformed('it names no commit');
  if (refs.length > MAX_REFS) throw malformed(`it names more than ${MAX_REFS} branches`);
  const headBranch = head.name?.startsWith('refs/heads/') ? head.name.slice('refs/heads/'.length) : null;
  return { head: head.commit, headBranch, work, refs };
}

function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('it is no text');
  }
}

function malformed(why: string): FarhandError {
  return new FarhandError('workspace.fetch_refused', {
    message: `What the host answered cannot be used: ${why}.`,
  });
}

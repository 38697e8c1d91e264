/** The unified diff of one file of a workspace. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Place } from './changes.ts';
import { hostFailure } from './errors.ts';
import { ENTER_WORKSPACE, runScript, SAFE_GIT } from './host-script.ts';

export interface FileDiff {
  readonly patch: string;
  readonly binary: boolean;
  readonly truncated: boolean;
}

const MAX_PATCH_BYTES = 512 * 1024;
const TIMEOUT_MS = 60_000;

// An untracked file is compared with nothing. Its name goes from git to git as bytes, since it need not be UTF-8.
const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
base=$2 limit=$3
shift 3
patch='--patch --no-color --no-ext-diff --no-textconv --src-prefix=a/ --dst-prefix=b/'
{
  w diff -M $patch --ignore-submodules=dirty --submodule=short "$base" -- "$@"
  w ls-files -o --exclude-standard -z -- "$@" | xargs -0 sh -c '
    for file do git -c core.quotePath=false -c core.fsmonitor=false -c core.hooksPath=/dev/null diff --no-index '"$patch"' -- /dev/null "./$file"; done' farhand
} | head -c "$limit"
exit 0
`;

/**
 * Against the commit that was sent; `previousPath` of a renamed file makes it a renaming instead of an addition. Cut at
 * 512 KiB. Throws `workspace.missing`, `file.outside_workspace`.
 */
export async function readDiff(
  { runtime, directory, baseCommit, lane }: Place,
  path: string,
  previousPath: string | null,
): Promise<FileDiff> {
  const specs = [path, ...(previousPath === null ? [] : [previousPath])].map(pathspec);
  const script = { text: SCRIPT, args: [directory, baseCommit, String(MAX_PATCH_BYTES + 1), ...specs] };
  const { code, stdout, stderr } = await runScript(runtime, script, { timeoutMs: TIMEOUT_MS, lane });
  if (code !== 0) throw hostFailure(stderr, 'command.failed', 'The diff could not be read');
  return patchOf(stdout, MAX_PATCH_BYTES);
}

/** What git printed of one file; cut at a line where it is longer than `limit`. */
export function patchOf(stdout: Uint8Array, limit: number): FileDiff {
  const truncated = stdout.byteLength > limit;
  const patch = new TextDecoder().decode(stdout.subarray(0, limit));
  return { patch: truncated ? wholeLines(patch) : patch, binary: isBinary(patch), truncated };
}

/** Exactly this file; a U+FFFD stands for bytes that the page could not be given, so anything matches there. Throws `file.outside_workspace`. */
export function pathspec(path: string): string {
  if (path.startsWith('/') || path.includes('\0') || path.split('/').includes('..')) {
    throw new FarhandError('file.outside_workspace', { details: { path } });
  }
  if (!path.includes('\uFFFD')) return `:(top,literal)${path}`;
  return `:(top,glob)${path.replace(/[\\*?[\]]/g, '\\$&').replace(/\uFFFD+/g, '*')}`;
}

function isBinary(patch: string): boolean {
  return /^Binary files .* differ$/m.test(patch) && !/^@@ /m.test(patch);
}

function wholeLines(patch: string): string {
  return patch.slice(0, patch.lastIndexOf('\n') + 1);
}

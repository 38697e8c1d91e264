/** What differs in a workspace from the commit that was sent, asked in one round trip. */
import { randomBytes } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ChangedFile } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import { hostFailure } from './errors.ts';
import { fieldsOf, parseDiff, parseStatus, splitSections } from './git-output.ts';
import { ENTER_WORKSPACE, runScript, SAFE_GIT } from './host-script.ts';

export interface Place {
  readonly runtime: Runtime;
  readonly directory: string;
  readonly baseCommit: string;
  /** Whose turn on the host the looks take: see `ExecOptions`. */
  readonly lane: string;
}

export interface Changes {
  /** Sorted by path. */
  readonly files: ChangedFile[];
  readonly truncated: boolean;
  /** Commits on the host that are not in the commit that was sent. */
  readonly ahead: number;
}

/** Per section: some 30,000 names; the page shows fewer. */
const SECTION_BYTES = 2 * 1024 * 1024;
const MAX_FILES = 5000;
const TIMEOUT_MS = 60_000;

// The marker is random, so that no file name can be taken for it.
const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
base=$2 marker=$3 limit=$4
section() { printf '\\n%s\\n' "$marker"; }
w rev-list --count "$base..HEAD" || exit 65
section
w status --porcelain=v2 -z --untracked-files=all --no-renames --ignore-submodules=dirty | head -c "$limit"
section
w diff --raw --numstat -z -M --no-abbrev --no-ext-diff --no-textconv --ignore-submodules=dirty "$base" -- | head -c "$limit"
section
`;

/** Throws `workspace.missing` where the folder or its repository is gone. */
export async function readChanges({ runtime, directory, baseCommit, lane }: Place): Promise<Changes> {
  const marker = randomBytes(16).toString('hex');
  const script = { text: SCRIPT, args: [directory, baseCommit, marker, String(SECTION_BYTES)] };
  const result = await runScript(runtime, script, { timeoutMs: TIMEOUT_MS, lane });
  if (result.code !== 0) throw hostFailure(result.stderr, 'command.failed', 'The changes could not be read');
  const [count, status, diff] = splitSections(result.stdout, marker, SECTION_BYTES);
  if (!count || !status || !diff)
    throw new FarhandError('command.failed', {
      message: 'The host’s answer about the changes is not complete.',
    });
  const files = mergeChanges(parseDiff(fieldsOf(diff)), parseStatus(fieldsOf(status)));
  return {
    files: files.slice(0, MAX_FILES),
    truncated: status.isCut || diff.isCut || files.length > MAX_FILES,
    ahead: Number.parseInt(count.bytes.toString('utf8'), 10) || 0,
  };
}

function mergeChanges(
  diff: ChangedFile[],
  status: { untracked: string[]; conflicted: string[] },
): ChangedFile[] {
  const files = new Map(diff.map((file) => [file.path, file]));
  const none = { previousPath: null, additions: null, deletions: null };
  for (const path of status.untracked) files.set(path, { ...none, path, status: 'untracked' });
  for (const path of status.conflicted)
    files.set(path, { ...none, ...files.get(path), path, status: 'conflicted' });
  return [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

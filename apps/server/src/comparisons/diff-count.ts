/** How much a variant changed, asked of git on its host. */
import type { Variant } from '@farhand/shared/model/comparisons';
import { SIDE_REPOSITORY } from '../workspaces/archive/side-repository.ts';
import type { Place } from '../workspaces/changes.ts';
import { hostFailure } from '../workspaces/errors.ts';
import { ENTER_WORKSPACE, runScript, SAFE_GIT } from '../workspaces/host-script.ts';

type VariantPlace = Omit<Place, 'baseCommit'>;

const TIMEOUT_MS = 2 * 60_000;
/** Some 30,000 names. */
const MAX_OUTPUT_BYTES = 2 * 1024 * 1024;

const BEGIN = `${SAFE_GIT}${ENTER_WORKSPACE}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
fail() { echo "farhand: $1" >&2; exit 67; }
${SIDE_REPOSITORY}`;

// Its objects stay in the workspace's repository, for the count to compare with.
const TREE_SCRIPT = `${BEGIN}
a() { GIT_OBJECT_DIRECTORY="$PWD/.git/objects" side "$@"; }
a read-tree HEAD 2>/dev/null
apart a
a add -A -- . >/dev/null 2>&1 || a add -A -- . >/dev/null 2>&1 || fail 'the files cannot be read'
a write-tree
`;

/** The tree of the files as they are, untracked ones included. Throws `workspace.missing`, `command.failed`, `host.*`. */
export async function readTree({ runtime, directory, lane }: VariantPlace): Promise<string> {
  const script = { text: TREE_SCRIPT, args: [directory] };
  const { code, stdout, stderr } = await runScript(runtime, script, { timeoutMs: TIMEOUT_MS, lane });
  const tree = new TextDecoder().decode(stdout).trim();
  if (code === 0 && /^[0-9a-f]{40}$/.test(tree)) return tree;
  throw hostFailure(stderr, 'command.failed', 'The files of the workspace could not be read');
}

// Untracked files are made known to an index of ours, without their content: then they are in the diff.
const COUNT_SCRIPT = `${BEGIN}
start=$2 limit=$3
side read-tree "$start" || fail 'the files from before are not known there'
apart side
side add -N -- . >/dev/null 2>&1
side diff --numstat -z --no-renames --no-ext-diff --no-textconv --ignore-submodules=dirty "$start" -- | head -c "$limit"
`;

/** What differs now from the tree `start`; lines of binary files are not counted. Throws as `readTree`. */
export async function countDiff(
  { runtime, directory, lane }: VariantPlace,
  start: string,
): Promise<NonNullable<Variant['diff']>> {
  const script = { text: COUNT_SCRIPT, args: [directory, start, String(MAX_OUTPUT_BYTES)] };
  const { code, stdout, stderr } = await runScript(runtime, script, { timeoutMs: TIMEOUT_MS, lane });
  if (code !== 0) throw hostFailure(stderr, 'command.failed', 'The changes could not be counted');
  return sumNumbers(new TextDecoder().decode(stdout));
}

/** Exported for its test: sums what `git diff --numstat -z` prints; what is no such record counts for nothing. */
export function sumNumbers(text: string): NonNullable<Variant['diff']> {
  const sum = { files: 0, additions: 0, deletions: 0 };
  for (const record of text.split('\0').slice(0, -1)) {
    const found = /^(?<additions>\d{1,9}|-)\t(?<deletions>\d{1,9}|-)\t/.exec(record)?.groups;
    if (!found) continue;
    sum.files += 1;
    sum.additions += Number(found.additions) || 0;
    sum.deletions += Number(found.deletions) || 0;
  }
  return sum;
}

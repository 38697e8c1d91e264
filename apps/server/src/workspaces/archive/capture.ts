/** Brings all that a workspace holds to the server: branches, tags, stash and uncommitted work. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Git } from '../../git/git.ts';
import { ENTER_WORKSPACE, SAFE_GIT } from '../host-script.ts';
import { CONSIGNMENT_MARK, type Consignment, openConsignment } from '../retrieval/consignment.ts';
import { presentCommits } from '../retrieval/fetch-back.ts';
import { hostOutput, type RetrievalLimits } from '../retrieval/host-output.ts';
import { openQuarantine, type Quarantine, type Tip } from '../retrieval/quarantine.ts';
import { sizeText } from '../slug.ts';
import type { ArchiveRecord, WorkspaceRecord } from '../workspace-store.ts';
import type { Archives } from './archives.ts';
import { SIDE_REPOSITORY } from './side-repository.ts';

export interface CaptureRequest {
  readonly record: WorkspaceRecord;
  readonly runtime: Runtime;
  /** Of the project. */
  readonly git: Git;
  readonly archives: Archives;
  readonly scratchDirectory: string;
  readonly limits: CaptureLimits;
  readonly signal: AbortSignal;
}

export interface CaptureLimits extends RetrievalLimits {
  /** Of one untracked file; a larger one is named, and the workspace not archived before it is dealt with. */
  readonly maxUntrackedBytes: number;
}

/*
 * The work is put together beside the repository: see SIDE_REPOSITORY. A folder that is a repository itself would be kept
 * as one hash only: it is refused, as is a file too large.
 */
const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
base=$2 limit=$3
shift 3
fail() { echo "farhand: $1" >&2; exit 67; }
a() { GIT_OBJECT_DIRECTORY="$PWD/.git/objects" side "$@"; }
head=$(w rev-parse -q --verify 'HEAD^{commit}') || fail 'nothing is committed there'
${SIDE_REPOSITORY}a read-tree "$head" || fail 'the last commit cannot be read'
large=$(a ls-files -o --exclude-standard -z | xargs -0 ls -lnd -- 2>/dev/null | awk -v limit="$limit" '$1 ~ /^-/ && $5 + 0 > limit + 0 { $1 = $2 = $3 = $4 = $5 = $6 = $7 = $8 = ""; print substr($0, 9) }' | head -n 10)
[ -z "$large" ] || { printf 'farhand: too large: %s\\n' "$large" >&2; exit 68; }
apart a
# A file that goes or grows while it is read fails the first look: an agent may be at work. One that is made and removed
# without pause can be met several times; all else that fails, fails again.
tries=1
until a add -A -- . >/dev/null 2>"$tmp/said"; do
  most=2
  grep -q 'No such file' "$tmp/said" && most=10
  [ $tries -lt $most ] || { cat "$tmp/said" >&2; exit 69; }
  tries=$((tries + 1))
done
tree=$(a write-tree) || exit 69
inner=$(a diff-tree -r --no-renames "$head" "$tree" | awk '$2 == "160000" { print }' | cut -f 2- | head -n 10)
[ -z "$inner" ] || { printf 'farhand: a repository of its own: %s\\n' "$inner" >&2; exit 70; }
{
  echo "$head"
  [ -z "$base" ] || echo "$base"
  for have; do echo "^$have"; done
} >"$tmp/wanted"
printf '%s\\nhead %s %s\\n' '${CONSIGNMENT_MARK}' "$head" "$(w symbolic-ref -q HEAD)" | sed 's/ $//' >"$tmp/list"
if [ "$tree" != "$(w rev-parse "$head^{tree}")" ]; then
  for role in AUTHOR COMMITTER; do export "GIT_\${role}_NAME=Farhand" "GIT_\${role}_EMAIL=farhand@localhost"; done
  work=$(w commit-tree -p "$head" -m 'Uncommitted work' "$tree" </dev/null) || exit 69
  echo "work $work" >>"$tmp/list"
  echo "$work" >>"$tmp/wanted"
fi
w for-each-ref --count=201 --format='ref %(objectname) %(refname)' refs/heads/ refs/tags/ >"$tmp/refs" || exit 69
if w rev-parse -q --verify refs/stash >/dev/null; then
  w log -g --no-show-signature --max-count=201 --format='ref %H refs/stash' refs/stash -- >>"$tmp/refs" || exit 69
fi
cut -d ' ' -f 2 <"$tmp/refs" >>"$tmp/wanted"
cat "$tmp/list" "$tmp/refs" && echo pack
w pack-objects --revs --stdout --thin --delta-base-offset -q <"$tmp/wanted"
`;

/** Keeps it in the archive, in place of what was kept before. Throws `workspace.archive_refused`, `workspace.fetch_refused`, `workspace.missing`, `host.*`. */
export async function capture(request: CaptureRequest): Promise<ArchiveRecord> {
  const { git, archives, record, scratchDirectory } = request;
  const repository = await archives.prepare(record.projectId);
  const quarantine = await openQuarantine([git, repository], scratchDirectory);
  try {
    const known = await knownCommits(quarantine.git, git, repository, record);
    const { consignment, sizeBytes } = await receive(request, quarantine, known);
    const tips = tipsOf(consignment, record);
    await quarantine.keepTips(tips, known);
    await quarantine.refuseUnsent(tips, known).catch((error: unknown) => {
      throw FarhandError.is(error, 'workspace.fetch_refused') ? refusal(error.message, error) : error;
    });
    await archives.keep(record, quarantine.git);
    const { head, headBranch, work, refs } = consignment;
    return { at: new Date().toISOString(), sizeBytes, head, headBranch, work, refs: [...refs] };
  } finally {
    await quarantine.remove();
  }
}

/** The base, and what an earlier look at the same workspace brought: it need not be sent again. */
async function knownCommits(
  quarantine: Git,
  project: Git,
  archive: Git,
  { id, baseCommit }: WorkspaceRecord,
): Promise<string[]> {
  const kept = await archive.text([
    'for-each-ref',
    '--format=%(objectname) %(objecttype)',
    `refs/farhand/archive/${id}/`,
  ]);
  const commits = kept.split('\n').flatMap((line) => (line.endsWith(' commit') ? line.slice(0, 40) : []));
  const base = await presentCommits(project, [baseCommit]);
  return [...new Set([...base, ...(await presentCommits(quarantine, commits))])];
}

async function receive(
  { runtime, record, limits, signal }: CaptureRequest,
  quarantine: Quarantine,
  known: readonly string[],
): Promise<{ consignment: Consignment; sizeBytes: number }> {
  const { directory, baseCommit, id } = record;
  const base = baseCommit !== null && !known.includes(baseCommit) ? baseCommit : '';
  const args = [directory ?? '', base, String(limits.maxUntrackedBytes), ...known];
  const output = hostOutput({ runtime, script: { text: SCRIPT, args }, limits, lane: id, signal });
  let sizeBytes = 0;
  async function* counted(pack: AsyncIterable<Buffer>) {
    for await (const piece of pack) {
      sizeBytes += piece.byteLength;
      yield piece;
    }
  }
  try {
    const { consignment, pack } = await openConsignment(output);
    await quarantine.take(counted(pack), limits.maxBytes);
    return { consignment, sizeBytes };
  } catch (error) {
    throw asArchiveRefusal(error, limits);
  }
}

function tipsOf({ head, work, refs }: Consignment, { baseCommit }: WorkspaceRecord): Tip[] {
  const tip = (name: string, object: string): Tip => ({
    ref: `refs/tips/${name}`,
    object,
    types: ['commit'],
  });
  return [
    tip('head', head),
    ...(work === null ? [] : [tip('work', work)]),
    ...(baseCommit === null ? [] : [tip('base', baseCommit)]),
    ...refs.map(({ name, commit }, index): Tip => {
      const isTag = name.startsWith('refs/tags/');
      return { ...tip(`ref-${index}`, commit), types: isTag ? ['commit', 'tag'] : ['commit'] };
    }),
  ];
}

// The script's own words say what a person can mend; they arrive as the reason of a refusal.
function asArchiveRefusal(error: unknown, { maxUntrackedBytes }: CaptureLimits): unknown {
  if (!FarhandError.is(error, 'workspace.fetch_refused', 'host.home_unwritable')) return error;
  const { stderr } = error.details;
  const said = typeof stderr === 'string' ? stderr.replace(/[^\P{Cc}\n]/gu, ' ').trim() : '';
  if (said === '') return error;
  const [first = '', ...others] = said.split('\n');
  const names = [first.replace(/^farhand: (?:too large|a repository of its own): /, ''), ...others].join(
    ', ',
  );
  if (first.startsWith('farhand: too large: '))
    return refusal(`Untracked files larger than ${sizeText(maxUntrackedBytes)}: ${names}.`, error);
  if (first.startsWith('farhand: a repository of its own: '))
    return refusal(`Folders that are repositories of their own: ${names}.`, error);
  return refusal(error.message, error);
}

function refusal(message: string, cause: FarhandError): FarhandError {
  return new FarhandError('workspace.archive_refused', { message: message.slice(0, 1000), cause });
}

/** Makes a workspace again from its archive: what was committed, and what was not, as it was. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Git } from '../../git/git.ts';
import { AS_THEY_ARE } from '../archive/as-they-are.ts';
import { ENTER_WORKSPACE, SAFE_GIT } from '../host-script.ts';
import type { ArchiveRecord, WorkspaceRecord } from '../workspace-store.ts';
import { type Parcel, shallowCommits } from './parcel.ts';
import type { Scratch } from './scratch.ts';
import { sendPack } from './send-pack.ts';

/** What the host gets first: the commit that the workspace once began from. */
export async function archivedParcel(git: Git, scratch: Scratch, record: WorkspaceRecord): Promise<Parcel> {
  const commit = record.baseCommit ?? record.archive?.head ?? '';
  const tree = await git.text(['rev-parse', '--verify', `${commit}^{tree}`], { env: scratch.env });
  return { commit, tree, shallow: record.transfer === 'tree_only' ? [] : await shallowCommits(git) };
}

export interface Unpack {
  readonly runtime: Runtime;
  readonly directory: string;
  /** Checked out now, on `branch`. */
  readonly base: string;
  readonly branch: string;
  readonly archive: ArchiveRecord;
  /** What the archive holds beside the base. */
  readonly pack: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

// Straight into the workspace's own repository, as uncommitted changes: no other workspace gets it by the cache.
const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
base=$2 branch=$3 head=$4 at=$5 shown=$6
shift 6
w index-pack --stdin --fix-thin >/dev/null || exit 82
mkdir -p .git/info && echo '${AS_THEY_ARE}' >.git/info/attributes || exit 84
w read-tree -m -u "$base" "$shown" || exit 84
[ "$(w write-tree)" = "$(w rev-parse "$shown^{tree}")" ] || exit 84
w update-ref --no-deref HEAD "$head" && w update-ref -d "refs/heads/$branch" || exit 84
while [ $# -ge 2 ]; do
  case $2 in
    refs/stash) w stash store -q -m 'Restored from the archive' "$1" || exit 84 ;;
    *) w update-ref "$2" "$1" || exit 84 ;;
  esac
  shift 2
done
[ -z "$at" ] || w symbolic-ref HEAD "refs/heads/$at" || exit 84
rm -f .git/info/attributes
w read-tree HEAD || exit 84
w update-index -q --refresh >/dev/null
printf 'head %s\\n' "$(w rev-parse HEAD)"
`;

/** One round trip. Throws `workspace.transfer_failed`, `workspace.hash_mismatch`, `disk.*`, `host.*`. */
export async function unpackArchive(unpack: Unpack): Promise<void> {
  const { runtime, archive } = unpack;
  const script = { text: SCRIPT, args: argumentsOf(unpack) };
  const printed = await sendPack(runtime, script, {
    pack: unpack.pack,
    signal: unpack.signal,
    what: 'archive',
  });
  if (printed.trim() !== `head ${archive.head}`) throw new FarhandError('workspace.hash_mismatch');
}

function argumentsOf({ directory, base, branch, archive }: Unpack): string[] {
  const { head, headBranch, work, refs } = archive;
  // The stash is built up from its oldest entry.
  const stash = refs.filter(({ name }) => name === 'refs/stash').toReversed();
  const others = refs.filter(({ name }) => name !== 'refs/stash');
  const pairs = [...others, ...stash].flatMap(({ name, commit }) => [commit, name]);
  return [directory, base, branch, head, headBranch ?? '', work ?? head, ...pairs];
}

/** All that must be on the host for the archive to be whole there. */
export function archivedCommits({ head, work, refs }: ArchiveRecord): string[] {
  return [...new Set([head, ...(work === null ? [] : [work]), ...refs.map(({ commit }) => commit)])];
}

/** The host's part of a transfer: one script takes the pack, makes the workspace's own repository and checks it out. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Runtime } from '@farhand/shared/runtime/port';
import { SAFE_GIT } from '../host-script.ts';
import type { Parcel } from './parcel.ts';
import { sendPack } from './send-pack.ts';

export interface Receive {
  readonly runtime: Runtime;
  readonly directory: string;
  readonly cache: string;
  /** Where the cache keeps the commit, under refs/farhand/. */
  readonly cacheRef: string;
  readonly branch: string;
  readonly parcel: Parcel;
  /** Null where the cache has all of it. */
  readonly pack: AsyncIterable<Uint8Array> | null;
  /** Throws the cache away first: it was found damaged. */
  readonly fresh: boolean;
  readonly identity: { readonly name: string; readonly email: string };
  readonly signal: AbortSignal;
  /** Called when all objects arrived and the checkout begins. */
  readonly onSent: () => void;
}

/*
 * The user's and the system's git config on the host do not apply while we make the repository: no template, no line-end
 * conversion, no LFS download. Objects are copied, not linked: workspaces run programs of one user, and a shared inode
 * would let one of them damage the objects of all. Measured with 5,000 files and 16 MB of packs: copying 13 ms, linking
 * 9 ms, fetching from the cache 335 ms. The new folder takes its name only when it is complete.
 */
const SCRIPT = `${SAFE_GIT}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
set -u
# Git says that it cannot write a file, but not why. It has removed what it could not write, so there is room again.
no_room() {
  needed=$(g ls-tree -r -l "$commit" | awk '{ sum += $4 } END { printf "%d", sum / 1024 }')
  has=$(du -sk . | awk '{ print $1 }')
  objects=$(du -sk .git | awk '{ print $1 }')
  free=$(df -Pk . | awk 'NR == 2 { print $4 }')
  [ "$((needed + objects))" -gt "$((free + has))" ]
}
dir=$1 cache=$2 ref=$3 commit=$4 branch=$5 pack=$6 fresh=$7 name=$8 email=$9
shift 9
shallow=$1
mask=$(umask)
umask 077
[ "$fresh" = 0 ] || rm -rf -- "$cache" || exit 81
[ -e "$cache/HEAD" ] || g init -q --bare --template= "$cache" </dev/null || exit 81
# What a transfer that was cut left: this is the only one that writes here.
rm -f -- "$cache"/objects/pack/tmp_*
if [ "$pack" = 1 ]; then g --git-dir="$cache" index-pack --stdin --fix-thin >/dev/null || exit 82; fi
if [ "$(g --git-dir="$cache" rev-parse -q --verify "$ref")" != "$commit" ]; then
  g --git-dir="$cache" update-ref "$ref" "$commit" || exit 82
fi
echo sent
new=$dir.new
mkdir -p -- "\${dir%/*}" && rm -rf -- "$new" "$dir" || exit 83
mkdir -- "$new" && g init -q --template= "$new" || exit 83
packs=$new/.git/objects/pack
mkdir -p -- "$packs" || exit 83
set -- "$cache"/objects/pack/pack-*
if [ $# -gt 60 ]; then
  g --git-dir="$cache" repack -a -d -q || exit 83
  set -- "$cache"/objects/pack/pack-*
fi
cp --reflink=auto -- "$@" "$packs/" 2>/dev/null || cp -- "$@" "$packs/" || exit 83
cd -- "$new" || exit 83
[ -z "$shallow" ] || printf '%s\\n' $shallow >.git/shallow || exit 83
[ -z "$name" ] || g config user.name "$name" || exit 83
[ -z "$email" ] || g config user.email "$email" || exit 83
umask "$mask"
g update-ref "refs/heads/$branch" "$commit" && g symbolic-ref HEAD "refs/heads/$branch" || exit 84
g reset -q --hard || { no_room && echo 'farhand: disk full' >&2; exit 84; }
mv -- "$new" "$dir" && cd -- "$dir" || exit 84
printf 'head %s %s\\n' $(g rev-parse HEAD 'HEAD^{tree}')
`;

/** One round trip. Throws `workspace.transfer_failed`, `workspace.hash_mismatch`, `disk.*`, `host.*`. */
export async function receiveParcel(receive: Receive): Promise<void> {
  const { runtime, parcel } = receive;
  let printed = '';
  const onStdout = (bytes: Uint8Array) => {
    const before = printed.startsWith('sent\n');
    printed = (printed + new TextDecoder().decode(bytes)).slice(0, 4096);
    if (!before && printed.startsWith('sent\n')) receive.onSent();
  };
  const script = { text: SCRIPT, args: scriptArguments(receive) };
  await sendPack(runtime, script, { pack: receive.pack, signal: receive.signal, what: 'code', onStdout });
  checkHashes(printed, parcel, runtime.hostId);
}

function scriptArguments({
  directory,
  cache,
  cacheRef,
  parcel,
  branch,
  pack,
  fresh,
  identity,
}: Receive): string[] {
  const flags = [pack ? '1' : '0', fresh ? '1' : '0'];
  return [
    directory,
    cache,
    cacheRef,
    parcel.commit,
    branch,
    ...flags,
    identity.name,
    identity.email,
    parcel.shallow.join(' '),
  ];
}

function checkHashes(printed: string, parcel: Parcel, hostId: string): void {
  if (printed.includes(`head ${parcel.commit} ${parcel.tree}\n`)) return;
  throw new FarhandError('workspace.hash_mismatch', {
    message: `What ${hostId} checked out is not the commit ${parcel.commit.slice(0, 12)} that was sent.`,
    details: { hostId, commit: parcel.commit },
  });
}

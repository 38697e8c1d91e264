/** Puts uncommitted changes into a fresh workspace so that they are uncommitted there, too. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Runtime } from '@farhand/shared/runtime/port';
import { ENTER_WORKSPACE, SAFE_GIT } from '../host-script.ts';
import { sendPack } from './send-pack.ts';

export interface ApplyChanges {
  readonly runtime: Runtime;
  readonly directory: string;
  /** The commit that holds the changed files; its parent is the workspace's HEAD. */
  readonly commit: string;
  readonly pack: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

// Straight into the workspace's own repository: another workspace of the project must not get them by the cache.
const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
w index-pack --stdin --fix-thin >/dev/null || exit 82
w read-tree -m -u HEAD "$2" || exit 84
[ "$(w write-tree)" = "$(w rev-parse "$2^{tree}")" ] || exit 84
w read-tree HEAD || exit 84
w update-index -q --refresh >/dev/null
w rev-parse "$2"
`;

/** One round trip. Throws `workspace.transfer_failed`, `workspace.hash_mismatch`, `disk.*`, `host.*`. */
export async function applyChanges({
  runtime,
  directory,
  commit,
  pack,
  signal,
}: ApplyChanges): Promise<void> {
  const script = { text: SCRIPT, args: [directory, commit] };
  const printed = await sendPack(runtime, script, { pack, signal, what: 'uncommitted changes' });
  if (printed.trim() !== commit) throw new FarhandError('workspace.hash_mismatch');
}

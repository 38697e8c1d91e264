/** Writes files that are in quarantine into a workspace, and removes those that are gone where they came from. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { SIDE_REPOSITORY } from '../workspaces/archive/side-repository.ts';
import { sendPack } from '../workspaces/creation/send-pack.ts';
import { hostFailure } from '../workspaces/errors.ts';
import { ENTER_WORKSPACE, runScript, SAFE_GIT } from '../workspaces/host-script.ts';
import type { ReadyWorkspace } from '../workspaces/workspaces.ts';
import { filesRefused, listOf, shown } from './file-paths.ts';
import type { GivenFiles } from './give-files.ts';

const TIMEOUT_MS = 60_000;

const ENTER = `${SAFE_GIT}${ENTER_WORKSPACE}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
fail() { echo "farhand: $1" >&2; exit 67; }
`;

/*
 * No link is followed and no folder is replaced: the way to each file must be folders, or not be there yet. It prints
 * what stands in the way.
 */
const CHECK_SCRIPT = `${ENTER}
xargs -0 sh -c 'for f do
  d=$f
  while case $d in */*) true ;; *) false ;; esac; do
    d=\${d%/*}
    if [ -L "./$d" ] || { [ -e "./$d" ] && [ ! -d "./$d" ]; }; then echo "$f"; continue 2; fi
  done
  if [ -d "./$f" ] && [ ! -L "./$f" ]; then echo "$f"; fi
done' farhand | head -c 4096
`;

// The objects are in a repository of ours that goes with the script.
const WRITE_SCRIPT = `${ENTER}${SIDE_REPOSITORY}
side index-pack --stdin >/dev/null || exit 82
side read-tree "$2" && side checkout-index -f -a || exit 84
echo written
`;

const REMOVE_SCRIPT = `${ENTER}
xargs -0 sh -c 'for f do rm -f -- "./$f" || exit 255; done' farhand
`;

export interface PutFiles {
  readonly to: ReadyWorkspace;
  readonly given: GivenFiles;
  /** All that were asked for. */
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
}

/** Throws `comparison.files_refused` before anything is changed; `workspace.missing`, `workspace.transfer_failed`, `disk.*`, `host.*`. */
export async function putFiles({ to, given, paths, signal }: PutFiles): Promise<void> {
  const { runtime, directory, workspace } = to;
  const about = { timeoutMs: TIMEOUT_MS, lane: workspace.id, signal };
  const stands = await ask(to, CHECK_SCRIPT, { ...about, stdin: listOf(paths) });
  if (stands !== '')
    throw filesRefused(`A link or a folder is in the place of “${shown(stands.split('\n')[0] ?? '')}”.`);
  if (given.present.length > 0) {
    const args = ['pack-objects', '--revs', '--stdout', '--delta-base-offset', '-q'];
    const pack = given.git.stream(args, { stdin: `${given.commit}\n`, signal });
    const script = { text: WRITE_SCRIPT, args: [directory, given.commit] };
    const said = await sendPack(runtime, script, { pack, signal, what: 'files' });
    if (said.trim() !== 'written') throw new FarhandError('workspace.transfer_failed');
  }
  const present = new Set(given.present);
  const gone = paths.filter((one) => !present.has(one));
  if (gone.length > 0) await ask(to, REMOVE_SCRIPT, { ...about, stdin: listOf(gone) });
}

async function ask(
  { runtime, directory }: ReadyWorkspace,
  text: string,
  options: Parameters<typeof runScript>[2],
): Promise<string> {
  const { code, stdout, stderr } = await runScript(runtime, { text, args: [directory] }, options);
  if (code !== 0) throw hostFailure(stderr, 'workspace.transfer_failed', 'The files could not be written');
  return new TextDecoder().decode(stdout).trim();
}

/** Brings some files of a workspace to the server, as a commit in quarantine. Nothing of it is believed without a look. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Git } from '../git/git.ts';
import { SIDE_REPOSITORY } from '../workspaces/archive/side-repository.ts';
import { ENTER_WORKSPACE, SAFE_GIT } from '../workspaces/host-script.ts';
import { CONSIGNMENT_MARK, openConsignment } from '../workspaces/retrieval/consignment.ts';
import { DEFAULT_RETRIEVAL_LIMITS, hostOutput } from '../workspaces/retrieval/host-output.ts';
import { openQuarantine, type Quarantine } from '../workspaces/retrieval/quarantine.ts';
import type { ReadyWorkspace } from '../workspaces/workspaces.ts';
import { filesRefused, listOf, shown } from './file-paths.ts';

/** Of one file. */
const MAX_FILE_BYTES = 64 * 1024 ** 2;

export interface GivenFiles {
  readonly git: Git;
  readonly commit: string;
  /** Those that are in the commit; the others are not there any more. */
  readonly present: readonly string[];
  remove(): Promise<void>;
}

export interface GiveFiles {
  readonly from: ReadyWorkspace;
  readonly paths: readonly string[];
  /** Of the project. */
  readonly git: Git;
  readonly scratchDirectory: string;
  readonly signal: AbortSignal;
}

// git itself refuses a path behind a link.
const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
limit=$2
fail() { echo "farhand: $1" >&2; exit 67; }
${SIDE_REPOSITORY}
cat >"$tmp/paths" || fail 'the repository cannot be written'
bad=$(xargs -0 sh -c 'limit=$1; shift
for f do
  if [ -L "./$f" ] || { [ -e "./$f" ] && [ ! -f "./$f" ]; }; then echo "no regular file: $f"
  elif [ -f "./$f" ] && [ "$(wc -c <"./$f")" -gt "$limit" ]; then echo "too large: $f"; fi
done' farhand "$limit" <"$tmp/paths" | head -n 5)
[ -z "$bad" ] || { printf 'farhand: %s\\n' "$bad" >&2; exit 68; }
side update-index --add --remove -z --stdin <"$tmp/paths" >/dev/null 2>"$tmp/said" || { cat "$tmp/said" >&2; exit 69; }
tree=$(side write-tree) || exit 69
for role in AUTHOR COMMITTER; do export "GIT_\${role}_NAME=Farhand" "GIT_\${role}_EMAIL=farhand@localhost"; done
commit=$(side commit-tree -m 'Files' "$tree" </dev/null) || exit 69
printf '%s\\nhead %s\\npack\\n' '${CONSIGNMENT_MARK}' "$commit"
echo "$commit" | side pack-objects --revs --stdout --delta-base-offset -q
`;

/** Throws `comparison.files_refused`, `workspace.missing`, `host.*`; nothing is left behind then. */
export async function giveFiles(request: GiveFiles): Promise<GivenFiles> {
  const { from, paths, git, scratchDirectory, signal } = request;
  const { quarantine, remove } = await openAlone(git, scratchDirectory);
  try {
    const { runtime, directory, workspace } = from;
    const script = { text: SCRIPT, args: [directory, String(MAX_FILE_BYTES)] };
    const limits = DEFAULT_RETRIEVAL_LIMITS;
    const output = hostOutput({ runtime, script, limits, lane: workspace.id, signal, stdin: listOf(paths) });
    const { consignment, pack } = await openConsignment(output);
    await quarantine.take(pack, limits.maxBytes);
    const commit = consignment.head;
    await quarantine.keepTips([{ ref: 'refs/tips/files', object: commit, types: ['commit'] }], []);
    return { git: quarantine.git, commit, present: await readPaths(quarantine.git, commit, paths), remove };
  } catch (error) {
    await remove();
    throw asRefusal(error);
  }
}

/** A quarantine that reads no repository of ours: what the host names without sending it is missing, and refused. */
async function openAlone(
  git: Git,
  scratchDirectory: string,
): Promise<{ quarantine: Quarantine; remove: () => Promise<void> }> {
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 });
  const empty = git.bare(await mkdtemp(path.join(scratchDirectory, 'empty-')));
  const removeEmpty = () => rm(empty.directory, { recursive: true, force: true });
  try {
    await empty.text(['init', '--quiet', '--bare', '--template=', empty.directory]);
    const quarantine = await openQuarantine([empty], scratchDirectory);
    return {
      quarantine,
      remove: async () => void (await Promise.all([quarantine.remove(), removeEmpty()])),
    };
  } catch (error) {
    await removeEmpty();
    throw error;
  }
}

/** The files of the commit: ordinary ones that were asked for, or it is refused. */
async function readPaths(git: Git, commit: string, asked: readonly string[]): Promise<string[]> {
  const wanted = new Set(asked);
  const listed = await git.text(['ls-tree', '-r', '-l', '-z', '--full-tree', commit]);
  return listed
    .split('\0')
    .filter(Boolean)
    .map((entry) => {
      const [facts = '', name = ''] = [
        entry.slice(0, entry.indexOf('\t')),
        entry.slice(entry.indexOf('\t') + 1),
      ];
      const [mode, , , size] = facts.split(/ +/);
      if (!wanted.has(name)) throw filesRefused(`The host sent “${shown(name)}”, which was not asked for.`);
      if (mode !== '100644' && mode !== '100755') throw filesRefused(`“${shown(name)}” is no regular file.`);
      if (!(Number(size) <= MAX_FILE_BYTES)) throw filesRefused(`“${shown(name)}” is larger than 64 MiB.`);
      return name;
    });
}

function asRefusal(error: unknown): unknown {
  if (!FarhandError.is(error, 'workspace.fetch_refused')) return error;
  return filesRefused(error.message, error);
}

/** Where secrets that are files stand on a host. */
import { createHash } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { JobKind } from '../protection/job-use.ts';
import { runScript } from '../workspaces/host-script.ts';

const TIMEOUT_MS = 30_000;

/*
 * Every user may make things in the memory file system. So a folder there is only taken where it is one, and ours: it is
 * entered without following a link, must be the very path that was asked for, and must belong to us and be closed to
 * others. Once that holds nobody else can put another in its place: the folder above keeps names for their owners
 * (sticky), which is looked at too. Whoever takes the name before us only gets that the home folder is used.
 */
const ENTER = `
export LC_ALL=C
umask 077
enter() {
  mkdir -m 700 -- "$1" 2>/dev/null
  [ ! -L "$1" ] && cd -P -- "$1" 2>/dev/null && [ "$(pwd -P)" = "$1" ] && [ -O . ] || return 1
  case $(ls -ld .) in drwx------*) ;; *) return 1 ;; esac
}
in_memory() {
  [ ! -L "$1" ] && [ -k "$1" ] && [ -w "$1" ] && [ "$(stat -f -c %T -- "$1" 2>/dev/null)" = tmpfs ]
}
`;

// Arguments: the folder in memory, in two parts; the one in the home folder, in two; then the workspace, the kind, the names
// of all that may be there, with spaces, and the names that are wanted.
const PREPARE = `${ENTER}
base=
if in_memory "$1" && enter "$1/$2"; then base=$1/$2
else
  home=$(cd -P -- "$3" && pwd -P) || exit 65
  mkdir -p -m 700 -- "$home/\${4%/*}" 2>/dev/null
  enter "$home/$4" || { echo 'farhand: the folder for secrets is not ours alone' >&2; exit 65; }
  base=$home/$4
fi
workspace=$5 kind=$6 kept=$7
shift 7
enter "$base/$workspace" && enter "$base/$workspace/$kind" || { echo 'farhand: the folder for secrets is not ours alone' >&2; exit 65; }
# What was removed since, or is for others now, goes.
[ "$kept" = '*' ] || for one in *; do
  case " $kept " in *" $one "*) ;; *) rm -rf -- "./$one" ;; esac
done
for name; do
  enter "$base/$workspace/$kind/$name" || { echo 'farhand: the folder for secrets is not ours alone' >&2; exit 65; }
done
printf '%s' "$base/$workspace/$kind"
`;

// Arguments: for each place the folder above, its name, and what is removed in it.
const REMOVE = `${ENTER}
while [ $# -ge 3 ]; do
  if [ -d "$1/$2" ] && [ ! -L "$1/$2" ] && cd -P -- "$1/$2" && [ -O . ]; then
    rm -rf -- "./$3" || exit 66
    cd / && rmdir -- "$1/$2" 2>/dev/null
  fi
  shift 3
done
exit 0
`;

interface Place {
  readonly parent: string;
  readonly name: string;
}

const MEMORY = '/dev/shm';
const IN_HOME = '.farhand/secrets';

/** In memory, by the home folder: users of a host have one each, and a sandbox has to know it before it is made. */
function memoryPlace(home: string): Place {
  const mark = createHash('sha256').update(`farhand secrets ${home}`).digest('hex').slice(0, 24);
  return { parent: MEMORY, name: `farhand-${mark}` };
}

/**
 * The folders that may hold files for a workspace's jobs of this kind, on a host with this home folder; for a sandbox to
 * show, read-only, those that are there. Without a kind those of all jobs.
 */
export function secretFolders(home: string, id: WorkspaceId, kind?: JobKind): readonly string[] {
  const { parent, name } = memoryPlace(home);
  const bases = [`${parent}/${name}`, `${home}/${IN_HOME}`];
  return bases.map((base) => (kind === undefined ? `${base}/${id}` : `${base}/${id}/${kind}`));
}

/** Which folder, and what is in it. */
export interface SecretFolder {
  readonly id: WorkspaceId;
  readonly kind: JobKind;
  /** Those that are to be written. */
  readonly names: readonly string[];
  /** Those that may stay from before, and all others are removed; null: all stay. */
  readonly kept: readonly string[] | null;
}

/**
 * Makes the folder for a workspace's jobs of this kind, with one for each secret in it, all 0700, and gives its path. In
 * memory where the host has a memory file system that is safe, else in the home folder. Throws `secret.file_not_written`.
 */
export async function makeSecretFolder(
  runtime: Runtime,
  { id, kind, names, kept }: SecretFolder,
): Promise<string> {
  const { home } = await runtime.facts();
  const { parent, name } = memoryPlace(home);
  const { code, stdout, stderr } = await runScript(
    runtime,
    { text: PREPARE, args: [parent, name, home, IN_HOME, id, kind, kept?.join(' ') ?? '*', ...names] },
    { timeoutMs: TIMEOUT_MS, lane: id },
  );
  const folder = new TextDecoder().decode(stdout);
  if (code === 0 && folder.startsWith('/') && folder.endsWith(`/${id}/${kind}`)) return folder;
  throw new FarhandError('secret.file_not_written', {
    message: `The folder for secrets on ${runtime.hostId} could not be made, so nothing was started: ${stderr.trim().slice(-300)}`,
  });
}

/** Removes all files of a workspace's secrets; none is no error. */
export async function removeSecretFolders(runtime: Runtime, id: WorkspaceId): Promise<void> {
  await removeFrom(runtime, id, id);
}

/** Removes the file of one secret. */
export async function removeSecretFile(
  runtime: Runtime,
  { id, kind, name }: { id: WorkspaceId; kind: JobKind; name: string },
): Promise<void> {
  await removeFrom(runtime, id, `${id}/${kind}/${name}`);
}

async function removeFrom(runtime: Runtime, id: WorkspaceId, what: string): Promise<void> {
  const { home } = await runtime.facts();
  const { parent, name } = memoryPlace(home);
  const args = [parent, name, what, home, IN_HOME, what];
  const { code, stderr } = await runScript(
    runtime,
    { text: REMOVE, args },
    { timeoutMs: TIMEOUT_MS, lane: id },
  );
  if (code !== 0)
    throw new FarhandError('file.failed', {
      message: `The files of secrets could not be removed: ${stderr.trim().slice(-300)}`,
    });
}

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { hostFailure } from './errors.ts';
import { runScript } from './host-script.ts';

/*
 * Programs of the workspace could have put a link in the place of a folder on the way. So the parent is entered and must
 * be the very path that we made, and the name is removed from inside it: `rm` does not follow a link there.
 */
const SCRIPT = `
export LC_ALL=C
parent=$1 name=$2
# What lasts of its sandboxes; tools leave folders there that may not be changed.
own=$HOME/.farhand/sandbox/$3
if [ -d "$own" ] && [ ! -L "$own" ]; then rm -rf -- "$own" 2>/dev/null || { chmod -R u+rwX -- "$own"; rm -rf -- "$own"; } 2>/dev/null; fi
cd -- "$parent" 2>/dev/null || exit 0
[ "$(pwd -P)" = "$parent" ] || { echo 'farhand: not our folder' >&2; exit 65; }
for one in "$name" "$name.new"; do
  rm -rf -- "./$one" 2>/dev/null && continue
  # Build tools leave folders that even their owner may not change.
  [ -L "./$one" ] || chmod -R u+rwX -- "./$one" 2>/dev/null
  rm -rf -- "./$one" || exit 66
done
cd / && rmdir -- "$parent" 2>/dev/null
exit 0
`;

const TIMEOUT_MS = 10 * 60_000;

/** Removes a workspace's folder; one that is gone is no error. Throws `file.outside_workspace`, `disk.*`, `host.*`. */
export async function removeFolder(runtime: Runtime, id: WorkspaceId, directory: string): Promise<void> {
  const at = directory.lastIndexOf('/');
  const [parent, name] = [directory.slice(0, at), directory.slice(at + 1)];
  const isOurs =
    directory.startsWith('/') &&
    parent !== '' &&
    name.endsWith(`-${id.slice(-6)}`) &&
    !directory.split('/').includes('..');
  const refuse = () =>
    new FarhandError('file.outside_workspace', {
      message: `${directory} is not the folder that was made for this workspace; it was left alone.`,
      hint: 'Look at it on the host and remove it by hand.',
    });
  if (!isOurs) throw refuse();
  const { code, stderr } = await runScript(
    runtime,
    { text: SCRIPT, args: [parent, name, id] },
    { timeoutMs: TIMEOUT_MS, lane: id },
  );
  if (code === 65) throw refuse();
  if (code !== 0) throw hostFailure(stderr, 'file.failed', 'The workspace’s folder could not be removed');
}

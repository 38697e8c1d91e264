/** What tests and the doctor ask of a host, and how its answers are read. */
import type { Runtime } from '@farhand/shared/runtime/port';
import { runScript } from '../../workspaces/host-script.ts';
import { printableLine } from '../printable.ts';

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 64 * 1024;

/** Defines `tell`, which prints one answer on a line: a name, a tab, what is said. */
const TELL = `
export LC_ALL=C
tell() { printf '%s\\t%s\\n' "$1" "$(printf '%s' "$2" | tr '\\000-\\037' ' ' | head -c 300)"; }
`;

/**
 * Beside TELL: tells `folder` (the nearest one that exists to where $1 will be), `write` (\`ok\`, or why not) and `disk`
 * (kilobytes free and in all). Nothing is left behind.
 */
export const WRITE_AND_DISK = `
folder=$1
case $folder in
  '') folder=$HOME/.farhand/workspaces ;;
  '~/'*) folder=$HOME/\${folder#\\~/} ;;
esac
while [ ! -d "$folder" ] && [ "$folder" != / ] && [ -n "$folder" ]; do folder=$(dirname -- "$folder"); done
tell folder "$folder"
probe=$folder/.farhand-probe-$$
said=$( { umask 077; set -C; head -c 65536 /dev/zero >"$probe"; } 2>&1 ) && said=ok || said="\${said:-failed}"
size=$(wc -c <"$probe" 2>/dev/null)
[ "$said" != ok ] || [ "$((size))" = 65536 ] || said='No space left on device'
rm -f -- "$probe"
tell write "$said"
tell disk "$(df -Pk -- "$folder" 2>/dev/null | awk 'NR == 2 { print $4, $2 }')"
`;

/** What was told, by name. The last of a name counts. */
export async function askHost(
  runtime: Runtime,
  text: string,
  args: readonly string[] = [],
): Promise<ReadonlyMap<string, string>> {
  const options = { timeoutMs: TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
  const { stdout } = await runScript(runtime, { text: `${TELL}${text}`, args }, options);
  const answers = new Map<string, string>();
  for (const line of new TextDecoder().decode(stdout).split('\n')) {
    const at = line.indexOf('\t');
    if (at > 0) answers.set(line.slice(0, at), printableLine(line.slice(at + 1)));
  }
  return answers;
}

export interface DiskSeen {
  readonly state: 'ok' | 'warning' | 'failed';
  readonly text: string;
}

/** With less no project of an ordinary size fits. */
const LEAST_BYTES = 100 * 1024 ** 2;
const LITTLE_BYTES = 1024 ** 3;

/** Reads what `disk` tells; null where the host does not tell. */
export function readDisk(told: string | undefined): DiskSeen | null {
  const [freeKb, allKb] = (told ?? '').split(' ').map(Number);
  if (!Number.isFinite(freeKb) || !Number.isFinite(allKb) || freeKb === undefined || !allKb) return null;
  const free = freeKb * 1024;
  const text = `${sizeText(free)} of ${sizeText(allKb * 1024)} free`;
  return { state: free < LEAST_BYTES ? 'failed' : free < LITTLE_BYTES ? 'warning' : 'ok', text };
}

function sizeText(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}

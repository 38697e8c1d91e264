/** What the host has, asked in one round trip before anything is sent. */
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Runtime } from '@farhand/shared/runtime/port';
import { hostFailure } from '../errors.ts';
import { runScript, SAFE_GIT } from '../host-script.ts';

export interface Survey {
  readonly home: string;
  /** The real path of the folder that holds workspaces. */
  readonly baseDirectory: string;
  /** Absolute path of this project's cache on the host. */
  readonly cache: string;
  readonly freeBytes: number | null;
  readonly hasCache: boolean;
  /** Commits that the cache claims to have, with their subjects. Only a claim: the host is not trusted. */
  readonly cached: readonly { readonly commit: string; readonly subject: string }[];
}

// The cache is probed by writing: permission bits do not tell of a read-only or full disk.
const SCRIPT = `${SAFE_GIT}
umask 077
base=$1 cache=$2
case $base in
  '') base=$HOME/.farhand/workspaces ;;
  '/~/'*) base=$HOME/\${base#/~/} ;;
esac
command -v git >/dev/null 2>&1 || { echo 'farhand: git missing' >&2; exit 71; }
mkdir -p -- "$HOME/.farhand/cache" "$base" || exit 72
for folder in "$HOME/.farhand/cache" "$base"; do
  probe=$folder/.probe-$$
  { echo probe >"$probe"; } && rm -f -- "$probe" || { rm -f -- "$probe"; exit 72; }
done
printf 'home %s\\n' "$HOME"
printf 'base %s\\n' "$(cd -- "$base" && pwd -P)"
printf 'free %s\\n' "$(df -Pk "$base" 2>/dev/null | awk 'NR == 2 { print $4 }')"
cache=$HOME/.farhand/cache/$cache
[ ! -e "$cache" ] || echo 'cache exists'
[ ! -d "$cache/refs" ] || g --git-dir="$cache" for-each-ref --count=2000 --format='cached %(objectname) %(contents:subject)' refs/farhand/
exit 0
`;

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** With less than this not even an empty repository fits. */
const LEAST_FREE_BYTES = 4 * 1024 * 1024;

/** Also makes the folders. Throws `host.git_missing`, `host.home_unwritable`, `disk.full`, `host.*`. */
export async function surveyHost(
  runtime: Runtime,
  baseDirectory: string | null,
  cacheName: string,
  signal: AbortSignal,
): Promise<Survey> {
  const script = { text: SCRIPT, args: [baseDirectory ?? '', cacheName] };
  const result = await runScript(runtime, script, {
    signal,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  if (result.code !== 0)
    throw hostFailure(result.stderr, 'host.home_unwritable', `${runtime.hostId} cannot be prepared`);
  return parseSurvey(new TextDecoder().decode(result.stdout), cacheName, runtime.hostId);
}

/** Exported for its test: reads what the script prints, believing none of it without a look. */
export function parseSurvey(text: string, cacheName: string, hostId: string): Survey {
  const lines = text.split('\n');
  const value = (name: string) =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const home = value('home');
  const baseDirectory = value('base');
  if (!isPlainPath(home) || !isPlainPath(baseDirectory)) {
    throw new FarhandError('host.home_unwritable', { message: `${hostId} names no usable home folder.` });
  }
  const freeKib = Number.parseInt(value('free'), 10);
  const freeBytes = Number.isSafeInteger(freeKib) && freeKib >= 0 ? freeKib * 1024 : null;
  if (freeBytes !== null && freeBytes < LEAST_FREE_BYTES) {
    throw new FarhandError('disk.full', {
      message: `The disk of ${hostId} is full.`,
      details: { hostId, freeBytes },
    });
  }
  const cached = lines.flatMap((line) => {
    const match = /^cached (?<commit>[0-9a-f]{40}) (?<subject>.*)$/.exec(line);
    return match?.groups ? [{ commit: match.groups.commit ?? '', subject: match.groups.subject ?? '' }] : [];
  });
  return {
    home,
    baseDirectory,
    cache: path.posix.join(home, '.farhand/cache', cacheName),
    freeBytes,
    hasCache: value('cache') !== '',
    cached,
  };
}

function isPlainPath(text: string): boolean {
  return (
    text.startsWith('/') && text.length < 1024 && !/\p{Cc}/u.test(text) && !text.split('/').includes('..')
  );
}

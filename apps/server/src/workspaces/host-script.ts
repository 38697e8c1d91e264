/** Runs our scripts on a host. Arguments go beside the script as words, so no shell text is ever built from them. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ExecOptions, Runtime } from '@farhand/shared/runtime/port';

export interface HostScript {
  readonly text: string;
  readonly args: readonly string[];
}

export interface ScriptResult {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/**
 * Defines `g`, a git that starts no helper, hook or pager of a repository's config, fetches and asks nothing, and takes no
 * lock only to look. The repositories on a host are not ours to trust.
 */
export const SAFE_GIT = `
export LC_ALL=C GIT_TERMINAL_PROMPT=0 GIT_ALLOW_PROTOCOL=none GIT_NO_LAZY_FETCH=1 GIT_OPTIONAL_LOCKS=0 GIT_PAGER=cat GIT_LFS_SKIP_SMUDGE=1 GIT_NO_REPLACE_OBJECTS=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
g() { git -c hook.reference-transaction.enabled=false -c hook.post-index-change.enabled=false -c hook.post-checkout.enabled=false -c core.fsmonitor=false -c core.hooksPath=/dev/null -c core.quotePath=false -c gc.auto=0 -c maintenance.auto=false "$@"; }
`;

/**
 * Beside SAFE_GIT: enters the workspace given as $1, whose repository must be there itself and not in a parent. Filters
 * and hooks that this repository's config itself defines are emptied (git 2.31 and newer), those of the user's own
 * config, as LFS, work on.
 */
export const ENTER_WORKSPACE = `
if ! cd -- "$1" 2>/dev/null || [ ! -e .git/HEAD ]; then echo 'farhand: workspace missing' >&2; exit 66; fi
w() { g --git-dir=.git --work-tree=. "$@"; }
filters() {
  for scope in --local --worktree; do
    w config $scope --includes --name-only -z --get-regexp '^(filter\\..*\\.(clean|smudge|process|required)|hook\\..*\\.event)$' 2>/dev/null
  done | tr '\\0' '\\n' | sort -u
}
GIT_CONFIG_COUNT=0
while IFS= read -r filter; do
  [ -n "$filter" ] || continue
  export "GIT_CONFIG_KEY_$GIT_CONFIG_COUNT=$filter" "GIT_CONFIG_VALUE_$GIT_CONFIG_COUNT="
  GIT_CONFIG_COUNT=$((GIT_CONFIG_COUNT + 1))
done <<FILTERS
$(filters | head -n 1001)
FILTERS
if [ $GIT_CONFIG_COUNT -gt 1000 ]; then echo 'farhand: the repository has too many filters' >&2; exit 67; fi
export GIT_CONFIG_COUNT
`;

/** One round trip. A status other than 0 is a result; a signal or a timeout is an error. */
export async function runScript(
  runtime: Runtime,
  script: HostScript,
  options: ExecOptions = {},
): Promise<ScriptResult> {
  const argv = ['sh', '-c', script.text, 'farhand', ...script.args] as const;
  const { outcome, stdout, stderr } = await runtime.exec({ argv }, options);
  const text = new TextDecoder().decode(stderr);
  if (outcome.kind === 'exited') return { code: outcome.code, stdout, stderr: text };
  if (outcome.kind === 'timed_out') {
    throw new FarhandError('host.timed_out', {
      message: `A command on ${runtime.hostId} did not end in time.`,
      details: { hostId: runtime.hostId },
    });
  }
  if (outcome.kind === 'cancelled')
    throw options.signal?.reason ?? new DOMException('cancelled', 'AbortError');
  throw new FarhandError('command.failed', {
    message: `A command on ${runtime.hostId} was ended by ${outcome.signal}.`,
    details: { stderr: text.slice(-2000) },
  });
}

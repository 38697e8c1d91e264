/** What deleting a workspace would lose. */
import { randomBytes } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceLosses } from '@farhand/shared/model/workspaces';
import type { Place } from './changes.ts';
import { hostFailure } from './errors.ts';
import { fieldsOf, parseStatus, splitSections } from './git-output.ts';
import { ENTER_WORKSPACE, runScript, SAFE_GIT } from './host-script.ts';

const SECTION_BYTES = 512 * 1024;
const MAX_SHOWN = 200;
const TIMEOUT_MS = 30_000;

// Every branch and the stash, because what was committed and left behind is lost as well; checkpoints are ours.
const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
base=$2 marker=$3 limit=$4
section() { printf '\\n%s\\n' "$marker"; }
w status --porcelain=v2 -z --untracked-files=normal --no-renames --ignore-submodules=dirty | head -c "$limit"
section
w log -z --no-show-signature --format='%H %s' HEAD --exclude='refs/farhand/*' --all --not "$base" -- | head -c "$limit"
section
`;

export const NO_LOSSES: WorkspaceLosses = { reachable: true, uncommitted: [], unpushed: [] };

/** A workspace that is gone from its host loses nothing more; of a host out of reach nothing is known. */
export async function readLosses(place: Place): Promise<WorkspaceLosses> {
  const marker = randomBytes(16).toString('hex');
  const script = { text: SCRIPT, args: [place.directory, place.baseCommit, marker, String(SECTION_BYTES)] };
  const result = await runScript(place.runtime, script, { timeoutMs: TIMEOUT_MS, lane: place.lane });
  if (result.code !== 0) {
    const failure = hostFailure(result.stderr, 'command.failed', 'What would be lost could not be read');
    if (failure.code === 'workspace.missing') return NO_LOSSES;
    throw failure;
  }
  const [status, log] = splitSections(result.stdout, marker, SECTION_BYTES);
  if (!status || !log)
    throw new FarhandError('command.failed', {
      message: 'The host’s answer about what would be lost is not complete.',
    });
  const { changed, conflicted, untracked } = parseStatus(fieldsOf(status));
  return {
    reachable: true,
    uncommitted: [...new Set([...conflicted, ...changed, ...untracked])].slice(0, MAX_SHOWN),
    unpushed: commitsOf(fieldsOf(log)).slice(0, MAX_SHOWN),
  };
}

function commitsOf(fields: readonly string[]): WorkspaceLosses['unpushed'] {
  return fields.flatMap((field) => {
    const match = /^(?<commit>[0-9a-f]{40}) (?<subject>.*)$/s.exec(field);
    return match?.groups
      ? [{ commit: match.groups.commit ?? '', subject: (match.groups.subject ?? '').slice(0, 200) }]
      : [];
  });
}

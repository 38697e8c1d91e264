/** Brings a workspace's commits into the project's repository, as a ref of ours. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import type { Runtime } from '@farhand/shared/runtime/port';
import { gitReason } from '../../git/errors.ts';
import type { Git } from '../../git/git.ts';
import { ENTER_WORKSPACE, SAFE_GIT } from '../host-script.ts';
import { slug } from '../slug.ts';
import type { WorkspaceRecord } from '../workspace-store.ts';
import { CONSIGNMENT_MARK, openConsignment } from './consignment.ts';
import { hostOutput, type RetrievalLimits } from './host-output.ts';
import { openQuarantine, type Quarantine } from './quarantine.ts';

export interface FetchBack {
  readonly record: WorkspaceRecord;
  readonly directory: string;
  readonly runtime: Runtime;
  readonly git: Git;
  /** `refs/farhand/…`: what was there before and is not part of the new history is kept beside it. */
  readonly ref: string;
  readonly scratchDirectory: string;
  readonly limits: RetrievalLimits;
  readonly signal: AbortSignal;
}

// The further arguments are commits that need not be sent.
const SCRIPT = `${SAFE_GIT}${ENTER_WORKSPACE}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
shift
head=$(w rev-parse -q --verify 'HEAD^{commit}') || { echo 'farhand: nothing is committed there' >&2; exit 67; }
printf '%s\\nhead %s\\npack\\n' '${CONSIGNMENT_MARK}' "$head"
{ echo "$head"; for have; do echo "^$have"; done; } | w pack-objects --revs --stdout --thin --delta-base-offset -q
`;

const INCOMING = 'refs/farhand/incoming';
const FETCH_TIMEOUT_MS = 10 * 60_000;

/** Throws `workspace.fetch_refused`, `workspace.missing`, `host.*`; nothing is left behind then. */
export async function fetchBack(request: FetchBack): Promise<CallOutput<'workspace.fetch'>> {
  const { git, record, scratchDirectory, ref } = request;
  const quarantine = await openQuarantine([git], scratchDirectory);
  try {
    const known = await presentCommits(git, [record.baseCommit]);
    const commit = await receive(request, quarantine, known);
    const count = [commit, ...(record.baseCommit && known.length > 0 ? [`^${record.baseCommit}`] : [])];
    const commits = Number(await quarantine.git.text(['rev-list', '--count', ...count]));
    await keepFormer(git, ref, commit, quarantine.git);
    await takeOver(git, quarantine, ref);
    return { ref, commit, commits };
  } finally {
    await quarantine.remove();
  }
}

async function receive(
  { runtime, directory, limits, record, signal }: FetchBack,
  quarantine: Quarantine,
  known: readonly string[],
): Promise<string> {
  const script = { text: SCRIPT, args: [directory, ...known] };
  const output = hostOutput({ runtime, script, limits, lane: record.id, signal });
  const { consignment, pack } = await openConsignment(output);
  await quarantine.take(pack, limits.maxBytes);
  await quarantine.keepTips([{ ref: INCOMING, object: consignment.head, types: ['commit'] }], known);
  return consignment.head;
}

/** Those of the commits that the repository has; a host need not send what they hold. */
export async function presentCommits(git: Git, commits: readonly (string | null)[]): Promise<string[]> {
  const wanted = commits.filter((commit) => commit !== null);
  if (wanted.length === 0) return [];
  const stdin = wanted.map((commit) => `${commit}\n`).join('');
  const { stdout } = await git.run(['cat-file', '--batch-check=%(objectname) %(objecttype)'], { stdin });
  const lines = stdout.toString('utf8').split('\n');
  return lines.flatMap((line) => (line.endsWith(' commit') ? line.slice(0, 40) : []));
}

// A history that was rewritten on the host must not take away what was brought back before.
async function keepFormer(git: Git, ref: string, commit: string, quarantine: Git): Promise<void> {
  const former = (await git.run(['rev-parse', '--verify', '--quiet', ref])).stdout.toString('utf8').trim();
  if (former === '' || former === commit) return;
  const { code } = await quarantine.run(['merge-base', '--is-ancestor', former, commit]);
  if (code !== 0) await git.text(['update-ref', `${ref}-${former.slice(0, 12)}`, former]);
}

// Without tags, hooks, submodules and FETCH_HEAD; git checks once more what it takes, and that it is whole.
async function takeOver(git: Git, quarantine: Quarantine, ref: string): Promise<void> {
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-prune'];
  const args = ['fetch', ...options, '--', quarantine.git.directory, `+${INCOMING}:${ref}`];
  const { code, stderr } = await git.run(['-c', 'fetch.fsckObjects=true', ...args], {
    timeoutMs: FETCH_TIMEOUT_MS,
  });
  if (code !== 0)
    throw new FarhandError('workspace.fetch_refused', {
      message: `The project’s repository does not take the commits: ${gitReason(stderr)}`,
    });
}

/** The ref of a workspace: by its name, and where another of the project is spelled the same, by its id too. */
export function fetchRef(record: WorkspaceRecord, all: readonly WorkspaceRecord[]): string {
  const name = slug(record.name, 'workspace');
  const isTaken = all.some(
    (other) =>
      other.id !== record.id &&
      other.projectId === record.projectId &&
      slug(other.name, 'workspace') === name,
  );
  return `refs/farhand/${isTaken ? `${name}-${record.id.slice(-6)}` : name}`;
}

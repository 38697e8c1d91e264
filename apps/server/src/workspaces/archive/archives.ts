/** What the server keeps of archived workspaces: a bare repository for each project, whole without the person's own. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import type { WorkspaceLosses } from '@farhand/shared/model/workspaces';
import { gitReason } from '../../git/errors.ts';
import type { Git } from '../../git/git.ts';
import type { Projects } from '../../projects/projects.ts';
import { createQueues } from '../queues.ts';
import type { WorkspaceRecord } from '../workspace-store.ts';

export interface Archives {
  /** The repository of a project's archives. Throws `workspace.archive_missing`. */
  repository(projectId: ProjectId): Git;
  /** As `repository`, made where there is none. */
  prepare(projectId: ProjectId): Promise<Git>;
  /** Takes the refs `refs/tips/…` of a repository in place of what was kept of the workspace. */
  keep(record: WorkspaceRecord, from: Git): Promise<void>;
  /** Keeps what is kept of one workspace for another one, too. */
  share(projectId: ProjectId, from: WorkspaceId, to: WorkspaceId): Promise<void>;
  /** What deleting the archive would lose. */
  losses(record: WorkspaceRecord): Promise<WorkspaceLosses>;
  /** Frees the room too; nothing kept is no error. */
  remove(projectId: ProjectId, id: WorkspaceId): Promise<void>;
}

/** Every object of the project's history comes along with the first archive. */
const KEEP_TIMEOUT_MS = 60 * 60_000;
const MAX_SHOWN = 200;

export function createArchives(directory: string, projects: Pick<Projects, 'repository'>): Archives {
  // Removing throws away what no ref keeps: not while another workspace's objects arrive.
  const queues = createQueues();
  const folderOf = (projectId: ProjectId) => path.join(directory, `${projectId}.git`);
  const open = (projectId: ProjectId) => projects.repository(projectId).bare(folderOf(projectId));

  function repository(projectId: ProjectId): Git {
    if (!existsSync(path.join(folderOf(projectId), 'HEAD')))
      throw new FarhandError('workspace.archive_missing', { details: { projectId } });
    return open(projectId);
  }

  async function prepare(projectId: ProjectId): Promise<Git> {
    const git = open(projectId);
    if (existsSync(path.join(git.directory, 'HEAD'))) return git;
    await mkdir(git.directory, { recursive: true, mode: 0o700 });
    await git.text(['init', '--quiet', '--bare', '--template=', git.directory]);
    return git;
  }

  async function take({ projectId, id }: WorkspaceRecord, from: Git): Promise<void> {
    const git = await prepare(projectId);
    // A history without its beginning (shallow) stays one here.
    const options = ['--quiet', '--prune', '--no-tags', '--no-write-fetch-head', '--update-shallow'];
    const args = ['fetch', ...options, '--', from.directory, `+refs/tips/*:refs/farhand/archive/${id}/*`];
    const { code, stderr } = await git.run(['-c', 'fetch.fsckObjects=false', ...args], {
      timeoutMs: KEEP_TIMEOUT_MS,
    });
    if (code !== 0)
      throw new FarhandError('workspace.archive_refused', {
        message: `The archive could not be kept on the server: ${gitReason(stderr)}`,
        hint: 'Mend what git says, then archive it again. Nothing was removed from the host.',
      });
  }

  async function share(projectId: ProjectId, from: WorkspaceId, to: WorkspaceId): Promise<void> {
    const git = repository(projectId);
    const prefix = `refs/farhand/archive/${from}/`;
    const refs = await git.text(['for-each-ref', '--format=%(objectname) %(refname)', prefix]);
    const lines = refs.split('\n').flatMap((line) => {
      const [object = '', ref = ''] = line.split(' ');
      return ref === '' ? [] : [`update refs/farhand/archive/${to}/${ref.slice(prefix.length)} ${object}\n`];
    });
    await git.text(['update-ref', '--stdin'], { stdin: lines.join('') });
  }

  async function forget(git: Git, id: WorkspaceId): Promise<void> {
    if (!existsSync(path.join(git.directory, 'HEAD'))) return;
    const refs = await git.text([
      'for-each-ref',
      '--format=delete %(refname)',
      `refs/farhand/archive/${id}/`,
    ]);
    if (refs !== '') await git.text(['update-ref', '--stdin'], { stdin: `${refs}\n` });
    const left = await git.text(['for-each-ref', '--count=1', '--format=%(refname)']);
    if (left === '') await rm(git.directory, { recursive: true, force: true });
    else if (refs !== '') {
      await git.run(['repack', '-a', '-d', '-q'], { timeoutMs: KEEP_TIMEOUT_MS });
      // Small archives arrive as loose objects, which that leaves.
      await git.run(['prune', '--expire=now'], { timeoutMs: KEEP_TIMEOUT_MS });
    }
  }

  return {
    repository,
    // Behind a removal that is under way: it may take the whole folder.
    prepare: (projectId) => queues.run(projectId, () => prepare(projectId)),
    keep: (record, from) => queues.run(record.projectId, () => take(record, from)),
    share: (projectId, from, to) => queues.run(projectId, () => share(projectId, from, to)),
    losses: (record) => readLosses(repository(record.projectId), record),
    async remove(projectId, id) {
      // Found now: the project itself may be removed while this waits.
      const git = open(projectId);
      await queues.run(projectId, () => forget(git, id));
    },
  };
}

async function readLosses(git: Git, { archive, baseCommit }: WorkspaceRecord): Promise<WorkspaceLosses> {
  if (archive === null) return { reachable: true, uncommitted: [], unpushed: [] };
  const { head, work, refs } = archive;
  const tips = [head, ...refs.map(({ commit }) => commit)];
  const log = ['log', '-z', `--max-count=${MAX_SHOWN}`, '--no-show-signature', '--format=%H %s', ...tips];
  const [commits, paths] = await Promise.all([
    git.text([...log, ...(baseCommit === null ? [] : ['--not', baseCommit]), '--']),
    work === null ? '' : git.text(['diff-tree', '-r', '-z', '--name-only', '--no-renames', head, work]),
  ]);
  return {
    reachable: true,
    uncommitted: paths.split('\0').filter(Boolean).slice(0, MAX_SHOWN),
    unpushed: commits
      .split('\0')
      .filter(Boolean)
      .map((line) => ({ commit: line.slice(0, 40), subject: line.slice(41, 241) })),
  };
}

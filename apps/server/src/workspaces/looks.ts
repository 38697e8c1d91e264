/** What a person sees of a workspace's files and commands: everything that comes from the host, with secrets covered. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { ChangedFile, WorkspaceLosses } from '@farhand/shared/model/workspaces';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { JobUse } from '../protection/job-use.ts';
import { coverError } from '../secrets/cover-error.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { ChangesWatch } from './changes-watch.ts';
import type { Deletion } from './deletion.ts';
import { type FileDiff, readDiff } from './diff.ts';
import { runInWorkspace } from './exec.ts';
import { createFileFinder } from './files.ts';
import type { WorkspaceRecords } from './records.ts';
import type { ReadyWorkspace } from './workspaces.ts';

/** Who waits for a command. */
export interface HowExec {
  /** Farhand itself where not given. */
  readonly by?: Actor;
  readonly signal?: AbortSignal;
}

const BY_SERVER: Actor = { kind: 'server', name: null };

export interface Looks {
  losses(id: WorkspaceId): Promise<WorkspaceLosses>;
  changes(id: WorkspaceId): Promise<{ files: ChangedFile[]; truncated: boolean }>;
  /** `path` as `changes` gave it, where a secret in a name is covered. */
  diff(id: WorkspaceId, path: string): Promise<FileDiff>;
  files(id: WorkspaceId, query: string): Promise<string[]>;
  exec(id: WorkspaceId, argv: readonly string[], how?: HowExec): Promise<CallOutput<'workspace.exec'>>;
  /** Does `look`, with secrets covered in the error that it may end in. */
  covered<Result>(id: WorkspaceId, look: (redactor: Redactor) => Promise<Result>): Promise<Result>;
  forget(id: WorkspaceId): void;
  /** Commands that run go on without anybody who waits for them. */
  close(): void;
}

export interface LooksDeps {
  readonly records: WorkspaceRecords;
  readonly secrets: Secrets;
  readonly watch: ChangesWatch;
  readonly deletion: Deletion;
  readonly hostTasks: HostTasks;
  readonly ready: (id: WorkspaceId, use: JobUse) => ReadyWorkspace;
}

export function createLooks({ records, secrets, watch, deletion, hostTasks, ready }: LooksDeps): Looks {
  const finder = createFileFinder();
  const closing = new AbortController();

  async function covered<Result>(
    id: WorkspaceId,
    look: (redactor: Redactor) => Promise<Result>,
  ): Promise<Result> {
    const redactor = secrets.redactor(records.get(id).projectId);
    try {
      return await look(redactor);
    } catch (error) {
      throw coverError(error, redactor);
    }
  }

  async function run(
    id: WorkspaceId,
    argv: readonly string[],
    { redactor, by, signal }: HowExec & { redactor: Redactor },
  ) {
    const { runtime, directory, workspace } = ready(id, {
      kind: 'terminal',
      sessionId: null,
      by: by ?? BY_SERVER,
    });
    const [program, ...rest] = argv;
    if (program === undefined)
      throw new FarhandError('request.invalid', { message: 'No program was given.' });
    const env = secrets.environment(workspace, 'terminal');
    try {
      return await runInWorkspace({
        id,
        runtime,
        directory,
        argv: [program, ...rest],
        env,
        hostTasks,
        closing: closing.signal,
        redactor,
        signal,
      });
    } catch (error) {
      // A command cannot start in a folder that is gone: this look says so, of the workspace.
      if (FarhandError.is(error, 'file.not_found')) await watch.read(id);
      throw error;
    }
  }

  return {
    losses: (id) =>
      covered(id, async ({ text }) => {
        const { reachable, uncommitted, unpushed } = await deletion.losses(id);
        return {
          reachable,
          uncommitted: uncommitted.map(text),
          unpushed: unpushed.map((commit) => ({ ...commit, subject: text(commit.subject) })),
        };
      }),
    changes: (id) =>
      covered(id, async ({ text }) => {
        const { files, truncated } = await watch.read(id);
        return { files: files.map((file) => coverFile(file, text)), truncated };
      }),
    diff: (id, shown) =>
      covered(id, async ({ text }) => {
        const file = watch.lastSeen(id)?.find(({ path }) => text(path) === shown);
        const { path, previousPath } = file ?? { path: shown, previousPath: null };
        const diff = await watch.missingAware(id, (place) => readDiff(place, path, previousPath));
        return { ...diff, patch: text(diff.patch) };
      }),
    files: (id, query) =>
      covered(id, async ({ text }) =>
        (await watch.missingAware(id, (place) => finder.find(id, place, query))).map(text),
      ),
    exec: (id, argv, how) => covered(id, (redactor) => run(id, argv, { ...how, redactor })),
    covered,
    forget: finder.forget,
    close: () => closing.abort(),
  };
}

function coverFile(file: ChangedFile, text: (name: string) => string): ChangedFile {
  const { path, previousPath } = file;
  return { ...file, path: text(path), previousPath: previousPath === null ? null : text(previousPath) };
}

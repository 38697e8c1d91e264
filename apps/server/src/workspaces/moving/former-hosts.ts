import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { HostTasks } from '../../host-tasks/host-tasks.ts';
import type { Log } from '../../logging/log.ts';
import type { WorkspaceRecords } from '../records.ts';
import type { MoveRecord } from '../workspace-store.ts';

/** Hosts that a workspace has left, or never arrived at: what is there of it goes, on their return where they are away. */
export interface FormerHosts {
  /** Where the workspace's move is `clearing`; its move is over once that is done. */
  clear(id: WorkspaceId): void;
  /** The same without a look at how the move stands, for a workspace that is being deleted. */
  clearOnly(id: WorkspaceId, from: MoveRecord['from']): void;
}

interface FormerHostsDeps {
  readonly records: WorkspaceRecords;
  readonly tasks: HostTasks;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

export function createFormerHosts({ records, tasks, log }: FormerHostsDeps): FormerHosts {
  const finish = (id: WorkspaceId, hostId: string) => {
    const move = records.find(id)?.move;
    if (move?.state === 'clearing' && move.hostId === hostId) records.change(id, { move: null });
  };
  tasks.listen({
    onCarriedOut({ kind, workspaceId, hostId }) {
      if (kind === 'clear_former') finish(workspaceId, hostId);
    },
    onFailed({ kind, workspaceId, hostId }, error) {
      if (kind !== 'clear_former') return;
      log?.warn('workspace.folder_left', { workspaceId, hostId, error });
      finish(workspaceId, hostId);
    },
  });

  function clearOnly(id: WorkspaceId, from: MoveRecord['from']): void {
    if (!from) return;
    const { hostId, directory } = from;
    tasks.do({ kind: 'clear_former', hostId, workspaceId: id, directory }).then(
      ({ state }) => state !== 'kept' && finish(id, hostId),
      (error: unknown) => {
        log?.warn('workspace.folder_left', { workspaceId: id, hostId, error });
        finish(id, hostId);
      },
    );
  }

  return {
    clearOnly,
    clear(id) {
      const move = records.find(id)?.move;
      if (move?.state === 'clearing') clearOnly(id, move.from);
    },
  };
}

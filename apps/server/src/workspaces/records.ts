import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import { type Workspace, workspace } from '@farhand/shared/model/workspaces';
import type { StateFeed } from '../feed/state-feed.ts';
import type { WorkspaceRecord, WorkspaceStore } from './workspace-store.ts';

export type WorkspacePatch = Partial<Omit<WorkspaceRecord, 'id' | 'projectId'>>;

/** The stored workspaces; every change is stored first, then published. */
export interface WorkspaceRecords {
  all(): WorkspaceRecord[];
  find(id: WorkspaceId): WorkspaceRecord | undefined;
  /** Throws `workspace.not_found`. */
  get(id: WorkspaceId): WorkspaceRecord;
  /** Throws `workspace.name_taken`. */
  checkName(projectId: ProjectId, name: string): void;
  insert(record: WorkspaceRecord): void;
  /** Does nothing for a workspace that is gone: what was under way for it may still tell its end. */
  change(id: WorkspaceId, patch: WorkspacePatch): void;
  remove(id: WorkspaceId): void;
}

export function createWorkspaceRecords(store: WorkspaceStore, feed: StateFeed): WorkspaceRecords {
  const publish = (record: WorkspaceRecord) =>
    feed.changed({ kind: 'workspace', value: toWorkspace(record) });
  return {
    all: () => store.all(),
    find: (id) => store.find(id),
    get(id) {
      const found = store.find(id);
      if (!found) throw new FarhandError('workspace.not_found', { details: { workspaceId: id } });
      return found;
    },
    checkName(projectId, name) {
      if (!store.findByName(projectId, name)) return;
      throw new FarhandError('workspace.name_taken', {
        message: `The project has a workspace “${name}” already.`,
      });
    },
    insert(record) {
      store.insert(record);
      publish(record);
    },
    change(id, patch) {
      const before = store.find(id);
      if (!before) return;
      const after = { ...before, ...patch };
      store.update(after);
      publish(after);
    },
    remove(id) {
      store.remove(id);
      feed.removed('workspace', id);
    },
  };
}

/** What others see of a record. */
export function toWorkspace(record: WorkspaceRecord): Workspace {
  return workspace.parse(record);
}

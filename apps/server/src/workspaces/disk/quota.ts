import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Database } from '../../store/database.ts';
import { createSettings } from '../../store/settings.ts';
import type { WorkspaceRecords } from '../records.ts';
import { sizeText } from '../slug.ts';
import type { DiskWatch } from './disk-watch.ts';

const SETTING = 'workspace_quota_bytes';
export const DEFAULT_QUOTA_BYTES = 20 * 1024 ** 3;

/** The limit of what each workspace may take on its host's disk. */
export interface WorkspaceQuota {
  limitBytes(): number;
  /** Counts at once; null is the default. */
  setLimit(bytes: number | null): void;
}

export interface QuotaDeps {
  readonly db: Database;
  readonly records: WorkspaceRecords;
  readonly disk: DiskWatch;
  /** Where no setting is stored. */
  readonly defaultBytes: number;
}

/** What a workspace may take on its host's disk: the setting `workspace_quota_bytes` of the store, or the default. */
export function createQuota({ db, records, disk, defaultBytes }: QuotaDeps) {
  const limitBytes = (): number => {
    const stored = createSettings(db).get(SETTING);
    const bytes = Number(stored);
    return stored !== null && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : defaultBytes;
  };
  const isOver = (id: WorkspaceId) => (records.find(id)?.diskBytes ?? 0) > limitBytes();
  return {
    limitBytes,
    setLimit: (bytes: number | null) =>
      createSettings(db).set(SETTING, bytes === null ? null : String(bytes)),
    /** Throws `workspace.quota_exceeded`; asks the host only where the last look saw too much. */
    async check(id: WorkspaceId): Promise<void> {
      if (!isOver(id)) return;
      // What was too much may be deleted by now.
      await disk.look(id).catch(() => {});
      if (!isOver(id)) return;
      const usedBytes = records.find(id)?.diskBytes ?? 0;
      throw new FarhandError('workspace.quota_exceeded', {
        message: `The workspace takes ${sizeText(usedBytes)} on its host; it may take ${sizeText(limitBytes())}.`,
        details: { workspaceId: id, usedBytes, limitBytes: limitBytes() },
      });
    },
  };
}

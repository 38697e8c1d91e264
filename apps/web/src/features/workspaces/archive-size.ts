import type { Workspace } from '@farhand/shared/model/workspaces';
import { formatBytes } from '@/client/bytes.ts';

/** What the server keeps of an archived workspace, as `2.1 MB`; empty where it keeps nothing. */
export const archiveSize = ({ archive }: Pick<Workspace, 'archive'>): string =>
  archive ? formatBytes(archive.sizeBytes) : '';

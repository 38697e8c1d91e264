import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { createContext } from 'react';

/** Where a transcript's session works; by context, since only rows that name files or other sessions ask. */
export interface SessionPlace {
  readonly sessionId: SessionId;
  readonly workspaceId: WorkspaceId;
  /** Absolute folder of the workspace on its host; null until known. */
  readonly directory: string | null;
}

/** Null outside a session's pane: then nothing can be opened from a row. */
export const SessionPlaceContext = createContext<SessionPlace | null>(null);

/** A path as the workspace names it: below `directory` without it, and without `./`; others as they are. */
export function pathIn(directory: string | null, path: string): string {
  const folder = directory?.replace(/\/+$/, '');
  if (folder && path.startsWith(`${folder}/`)) return path.slice(folder.length + 1) || '.';
  return path.replace(/^(?:\.\/)+/, '');
}

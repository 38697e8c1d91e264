import type { WorkspaceId } from '@farhand/shared/model/ids';
import { createContext } from 'react';

/** The workspace whose grid this is; panes of others say whose they are. Null on a board, where all do. */
export const HomeContext = createContext<WorkspaceId | null>(null);

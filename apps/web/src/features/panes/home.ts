import type { WorkspaceId } from '@farhand/shared/model/ids';
import { createContext } from 'react';

/** The workspace whose grid this is; panes of others say whose they are. */
export const HomeContext = createContext<WorkspaceId>('' as WorkspaceId);

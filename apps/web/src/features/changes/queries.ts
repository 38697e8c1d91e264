import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { useWorkspace } from '@/client/state-store.ts';

/** The changed files of a workspace; asked again whenever the server has looked at the host and found other counts. */
export function useChanges(workspaceId: WorkspaceId) {
  const workspace = useWorkspace(workspaceId);
  useRefresh(workspaceId);
  return useQuery({
    queryKey: ['changes', workspaceId],
    queryFn: ({ signal }) => call('workspace.changes', { workspaceId }, { signal }),
    enabled: workspace?.state === 'ready',
  });
}

/** What changed in one file, as a unified diff. */
export function useDiff(workspaceId: WorkspaceId, path: string) {
  useRefresh(workspaceId);
  return useQuery({
    queryKey: ['diff', workspaceId, path],
    queryFn: ({ signal }) => call('workspace.diff', { workspaceId, path }, { signal }),
  });
}

// An entity that comes anew has been looked at anew, though its counts may be the same: a line that was edited twice.
function useRefresh(workspaceId: WorkspaceId): void {
  const changes = useWorkspace(workspaceId)?.changes;
  useEffect(() => {
    if (!changes) return;
    void queryClient.invalidateQueries({ queryKey: ['changes', workspaceId] });
    void queryClient.invalidateQueries({ queryKey: ['diff', workspaceId] });
  }, [workspaceId, changes]);
}

import type { Host } from '@farhand/shared/model/hosts';
import { Minus, Plus } from 'lucide-react';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { showError } from '@/ui/toast.tsx';

const MOST = 1000;
// What a host of one person mostly takes; from there it goes up and down.
const FIRST_LIMIT = 4;

/** How many agents may work on a host at once, and how many do now. More wait for a free place. */
export function AgentLimit({ host }: { readonly host: Host }) {
  const { id: hostId, agentLimit: limit } = host;
  const working = useServerState(
    (state) =>
      Object.values(state.sessions).filter(
        (session) =>
          (session.state === 'working' || session.state === 'blocked') &&
          session.parent?.kind !== 'subagent' &&
          state.workspaces[session.workspaceId]?.hostId === hostId,
      ).length,
  );
  const set = (next: number | null) =>
    void call('host.set_agent_limit', { hostId, limit: next }).catch((error: unknown) =>
      showError('The limit was not changed', error),
    );
  return (
    <>
      <div className="flex items-center gap-2 text-small">
        <span className="flex-1 font-medium text-text-2">Agents at once</span>
        {limit === null ? (
          <>
            <span className="text-text-3">any number</span>
            <Button size="small" className="phone:h-11" onClick={() => set(Math.max(FIRST_LIMIT, working))}>
              Limit
            </Button>
          </>
        ) : (
          <>
            <IconButton label="One less" disabled={limit <= 1} onClick={() => set(limit - 1)}>
              <Minus className="size-3.5" aria-hidden />
            </IconButton>
            <output aria-label="Limit" className="min-w-5 text-center tabular-nums text-text">
              {limit}
            </output>
            <IconButton label="One more" disabled={limit >= MOST} onClick={() => set(limit + 1)}>
              <Plus className="size-3.5" aria-hidden />
            </IconButton>
            <Button size="small" variant="ghost" className="phone:h-11" onClick={() => set(null)}>
              No limit
            </Button>
          </>
        )}
      </div>
      <p className="text-small text-text-3 tabular-nums">
        {working === 1 ? '1 works' : `${working} work`} there now
        {limit !== null && working >= limit && '; the next one waits for a free place'}.
      </p>
    </>
  );
}

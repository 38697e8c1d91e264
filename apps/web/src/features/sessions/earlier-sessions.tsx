import type { HostAgent } from '@farhand/shared/model/agents';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { agoText } from '@/client/duration.ts';
import { useNow } from '@/client/use-now.ts';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';

interface EarlierProps {
  readonly agent: HostAgent;
  readonly workspaceId: WorkspaceId;
  onChoose(nativeId: string): void;
}

/** What an agent remembers of conversations in this workspace, newest first, to go on with. */
export function EarlierSessions({ agent, workspaceId, onChoose }: EarlierProps) {
  const now = useNow(60_000);
  const { data, error } = useQuery({
    queryKey: ['earlier', workspaceId, agent.id],
    queryFn: async () => (await call('session.earlier', { workspaceId, agent: agent.id })).sessions,
  });
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="my-2 ml-6 h-4 w-1/2" />;
  if (data.length === 0)
    return <p className="py-1 pl-7 text-small text-text-3">{agent.name} tells of none in this workspace.</p>;
  return (
    <ul aria-label={`Earlier conversations of ${agent.name}`} className="max-h-56 overflow-y-auto pl-5">
      {data.map(({ nativeId, title, updatedAt }) => (
        <li key={nativeId}>
          <button type="button" className="agent-row" onClick={() => onChoose(nativeId)}>
            <span className="min-w-0 flex-1 truncate text-text">{title || nativeId}</span>
            {updatedAt !== null && (
              <span className="shrink-0 text-small text-text-3 tabular-nums">
                {agoText(now - Date.parse(updatedAt))}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

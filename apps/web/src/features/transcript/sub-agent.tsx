import type { SessionId } from '@farhand/shared/model/ids';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import { PanelRight } from 'lucide-react';
import { useSeen } from '@/client/seen-store.ts';
import { useSession } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { openPane } from '../panes/pane-host.ts';
import { sessionStatus } from '../workspaces/workspace-status.ts';
import { formatCount } from './amounts.ts';
import { formatCost } from './cost.ts';

/** A sub-agent at work: what it does, how it stands, what it used; opens in a pane of its own. */
export function SubAgent({ call, childId }: { readonly call: ToolCallItem; readonly childId: SessionId }) {
  const session = useSession(childId);
  const seen = useSeen();
  if (!session) return null;
  const { input, output } = session.usage;
  const facts = [
    input + output > 0 ? `${formatCount(input + output)} tokens` : null,
    session.costUsd === null ? null : formatCost(session.costUsd),
  ];
  return (
    <div className="mb-1 ml-5.5 flex items-center gap-2 rounded-ui border border-hairline py-1 pr-1 pl-2">
      <StatusMark status={sessionStatus(session, seen)} />
      <span className="shrink-0 text-text-3">Sub-agent</span>
      <span className="min-w-0 flex-1 truncate text-text">{session.title || call.title}</span>
      <span className="flex shrink-0 gap-2 text-small text-text-3 tabular-nums">
        {facts.map((fact) => fact !== null && <span key={fact}>{fact}</span>)}
      </span>
      <Button
        size="small"
        variant="ghost"
        className="phone:min-h-11"
        onClick={() =>
          openPane({ kind: 'agent', workspaceId: session.workspaceId, sessionId: childId }, 'right')
        }
      >
        <PanelRight className="size-3.5" aria-hidden />
        Open
      </Button>
    </div>
  );
}

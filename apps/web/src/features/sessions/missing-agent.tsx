import type { HostAgent } from '@farhand/shared/model/agents';
import type { TerminalId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { useEffect, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { openPane } from '../panes/pane-host.ts';
import { lookForAgents } from './agents-query.ts';

/** An agent that the host does not have, and the commands that would install it; one runs in a terminal beside. */
export function MissingAgent({
  agent,
  workspace,
}: {
  readonly agent: HostAgent;
  readonly workspace: Workspace;
}) {
  const [error, setError] = useState<ApiError | null>(null);
  const [isUnderWay, setIsUnderWay] = useState(false);
  const [terminalId, setTerminalId] = useState<TerminalId | null>(null);
  useLookAfter(terminalId, workspace);
  const install = async (installId: string) => {
    setIsUnderWay(true);
    setError(null);
    try {
      const { terminal } = await call('agent.install', {
        workspaceId: workspace.id,
        agent: agent.id,
        installId,
      });
      setTerminalId(terminal.id);
      openPane({ kind: 'terminal', workspaceId: workspace.id, terminalId: terminal.id }, 'right');
    } catch (thrown) {
      setError(ApiError.from(thrown));
    } finally {
      setIsUnderWay(false);
    }
  };
  return (
    <div className="flex flex-col gap-1 py-1 pl-7" data-missing={agent.id}>
      <p className="text-text-2">
        {agent.name}
        {agent.note && <span className="text-small text-text-3"> · {agent.note}</span>}
      </p>
      {agent.installs.length === 0 && (
        <p className="text-small text-text-3">The host has no tool that could install it.</p>
      )}
      {agent.installs.map(({ id, command }) => (
        <div key={id} className="flex items-center gap-2">
          <code className="min-w-0 flex-1 text-small break-words text-text-2">{command}</code>
          <Button
            size="small"
            className="phone:h-11"
            disabled={isUnderWay}
            onClick={() => void install(id)}
            aria-label={`Install ${agent.name} by ${command}`}
          >
            Install
          </Button>
        </div>
      ))}
      {error && <InlineError error={error} onClose={() => setError(null)} />}
    </div>
  );
}

// The terminal's end is the install's: the host may have the agent now.
function useLookAfter(terminalId: TerminalId | null, { hostId }: Workspace): void {
  const hasEnded = useServerState(
    (state) => terminalId !== null && (state.terminals[terminalId]?.exit ?? null) !== null,
  );
  useEffect(() => {
    // What goes wrong here the list itself shows when it is asked again.
    if (hasEnded) void lookForAgents(hostId).catch(() => undefined);
  }, [hasEnded, hostId]);
}

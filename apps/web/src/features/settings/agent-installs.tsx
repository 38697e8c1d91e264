import type { HostAgent } from '@farhand/shared/model/agents';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { closeDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { showPane } from '../panes/pane-host.ts';

interface AgentInstallsProps {
  readonly agent: HostAgent;
  /** In whose terminal it runs; null where there is none. */
  readonly workspaceId: WorkspaceId | null;
}

/** The commands that would install an agent; one that is taken runs in a terminal, which is shown. */
export function AgentInstalls({ agent, workspaceId }: AgentInstallsProps) {
  const [error, setError] = useState<ApiError | null>(null);
  const [isUnderWay, setIsUnderWay] = useState(false);
  const install = async (installId: string) => {
    if (workspaceId === null) return;
    setIsUnderWay(true);
    setError(null);
    try {
      const { terminal } = await call('agent.install', { workspaceId, agent: agent.id, installId });
      closeDialog();
      showPane({ kind: 'terminal', workspaceId, terminalId: terminal.id });
    } catch (thrown) {
      setError(ApiError.from(thrown));
      setIsUnderWay(false);
    }
  };
  if (agent.installs.length === 0)
    return <p className="text-small text-text-3">The host has no tool that could install it.</p>;
  return (
    <>
      {agent.installs.map(({ id, command }) => (
        <div key={id} className="flex items-center gap-2">
          <code className="min-w-0 flex-1 text-small break-words text-text-2">{command}</code>
          <Button
            size="small"
            className="phone:h-11"
            disabled={workspaceId === null || isUnderWay}
            aria-label={`Install ${agent.name} by ${command}`}
            onClick={() => void install(id)}
          >
            Install
          </Button>
        </div>
      ))}
      {error && <InlineError error={error} onClose={() => setError(null)} />}
    </>
  );
}

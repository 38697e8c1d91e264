import type { HostAgent } from '@farhand/shared/model/agents';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { Bot, History, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { BUILTIN_AGENT } from '@/client/ids.ts';
import { IconButton } from '@/ui/button.tsx';
import { EarlierSessions } from './earlier-sessions.tsx';

interface AgentRowProps {
  readonly agent: HostAgent;
  readonly workspaceId: WorkspaceId;
  /** True where the list begins. */
  readonly isFirst: boolean;
  readonly isStarting: boolean;
  /** Goes on with a conversation that the agent remembers, or with none begins anew. */
  onStart(nativeId?: string): void;
}

/** An agent that can begin; one that may remember earlier conversations here offers them too. */
export function AgentRow({ agent, workspaceId, isFirst, isStarting, onStart }: AgentRowProps) {
  const [isEarlierShown, setIsEarlierShown] = useState(false);
  const Icon = agent.kind === 'terminal' ? SquareTerminal : Bot;
  return (
    <>
      <div className="flex items-center">
        <button
          type="button"
          className="agent-row"
          title={agent.note ?? agent.command ?? undefined}
          data-agent={agent.id}
          {...(isFirst && { 'data-first': true })}
          onClick={() => onStart()}
        >
          <Icon className="size-3.5 shrink-0 text-text-3" aria-hidden />
          <span className="shrink-0 text-text">{agent.name}</span>
          <span className="min-w-0 truncate text-small text-text-3">
            {isStarting ? 'Starting' : factOf(agent)}
          </span>
        </button>
        {agent.kind === 'acp' && (
          <IconButton
            label={`Earlier conversations of ${agent.name}`}
            className="phone:size-11"
            aria-expanded={isEarlierShown}
            onClick={() => setIsEarlierShown((is) => !is)}
          >
            <History className="size-3.5" aria-hidden />
          </IconButton>
        )}
      </div>
      {isEarlierShown && <EarlierSessions agent={agent} workspaceId={workspaceId} onChoose={onStart} />}
    </>
  );
}

function factOf({ id, state, version, command, isCustom }: HostAgent): string {
  if (id === BUILTIN_AGENT) return 'built in';
  if (state === 'unknown') return 'not known while the host is away';
  return version ?? (isCustom ? (command ?? '') : '');
}

import './new-session.css';
import type { AgentId, HostAgent } from '@farhand/shared/model/agents';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { ChevronRight, RefreshCw } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useWorkspace } from '@/client/state-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import type { Pane } from '../panes/pane.ts';
import { openTerminal } from '../terminals/opened-here.ts';
import { agentChoices, firstAgent } from './agent-order.ts';
import { AgentRow } from './agent-row.tsx';
import { lookForAgents, useAgents } from './agents-query.ts';
import { CustomAgent } from './custom-agent.tsx';
import { createSession } from './first-session.ts';
import { lastAgent, rememberAgent } from './last-agent.ts';
import { MissingAgent } from './missing-agent.tsx';

interface NewSessionProps {
  readonly workspaceId: WorkspaceId;
  /** With the pane of what was begun. */
  onOpen(pane: Pane): void;
}

/**
 * Begins a session with an agent of the workspace's host: the ready ones, what can be installed, a command of the
 * person's own. Arrow keys move, Enter begins; the one chosen last has the focus.
 */
export function NewSession({ workspaceId, onOpen }: NewSessionProps) {
  const workspace = useWorkspace(workspaceId);
  return workspace ? <AgentList workspace={workspace} onOpen={onOpen} /> : null;
}

function AgentList({ workspace, onOpen }: { readonly workspace: Workspace; onOpen(pane: Pane): void }) {
  const { id: workspaceId, hostId } = workspace;
  const { agents, error, isLooking } = useAgents(hostId);
  const [starting, setStarting] = useState<AgentId | null>(null);
  const [isMoreShown, setIsMoreShown] = useState(false);
  const choices = agentChoices(agents ?? []);
  const [last] = useState(lastAgent);
  const first = firstAgent(choices, last);
  const list = useRef<HTMLDivElement>(null);
  useFirstFocus(list, first);

  const start = async (agent: HostAgent, nativeId?: string) => {
    if (starting !== null) return;
    setStarting(agent.id);
    try {
      const pane = await begin(workspaceId, agent, nativeId);
      rememberAgent(agent.id);
      onOpen(pane);
    } catch (thrown) {
      showError(`${agent.name} was not started`, thrown);
    } finally {
      setStarting(null);
    }
  };

  return (
    <section aria-label="New session with" className="flex flex-col gap-1">
      <header className="flex items-center gap-2">
        <h2 className="flex-1 text-small font-medium text-text-2">New session with</h2>
        <IconButton
          label="Look on the host again"
          className="phone:size-11"
          disabled={isLooking}
          onClick={() =>
            void lookForAgents(hostId).catch((thrown: unknown) =>
              showError('The host’s agents were not found', thrown),
            )
          }
        >
          <RefreshCw className="size-3.5" aria-hidden />
        </IconButton>
      </header>
      {error && <InlineError error={error} />}
      <div ref={list} role="group" aria-label="Agents" className="flex flex-col" onKeyDown={moveByArrows}>
        {!agents && !error && <Rows />}
        {choices.ready.map((agent) => (
          <AgentRow
            key={agent.id}
            agent={agent}
            workspaceId={workspaceId}
            isFirst={agent.id === first}
            isStarting={starting === agent.id}
            onStart={(nativeId) => void start(agent, nativeId)}
          />
        ))}
        {choices.missing.length > 0 && (
          <button
            type="button"
            className="agent-row text-text-2"
            aria-expanded={isMoreShown}
            onClick={() => setIsMoreShown((is) => !is)}
          >
            <ChevronRight className={cx('size-3.5 text-text-3', isMoreShown && 'rotate-90')} aria-hidden />
            {choices.missing.length} more to install
          </button>
        )}
        {isMoreShown &&
          choices.missing.map((agent) => <MissingAgent key={agent.id} agent={agent} workspace={workspace} />)}
      </div>
      {agents && <CustomAgent />}
    </section>
  );
}

async function begin(workspaceId: WorkspaceId, agent: HostAgent, nativeId?: string): Promise<Pane> {
  if (agent.kind === 'terminal') {
    const { id } = await openTerminal(workspaceId, agent.id);
    return { kind: 'terminal', workspaceId, terminalId: id };
  }
  const { id } = await createSession(workspaceId, {
    agent: agent.id,
    ...(nativeId !== undefined && { nativeId }),
  });
  return { kind: 'agent', workspaceId, sessionId: id };
}

// Once, when the list has come: who opened this place wants to choose. A text that is being written keeps the keys.
function useFirstFocus(list: RefObject<HTMLElement | null>, first: AgentId | null): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (first === null || isDone.current) return;
    isDone.current = true;
    if (document.activeElement?.closest('input, textarea, select, .xterm, [role="dialog"]')) return;
    list.current?.querySelector<HTMLElement>('[data-first]')?.focus({ preventScroll: true });
  }, [list, first]);
}

function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')];
  const at = rows.findIndex((row) => row === document.activeElement);
  if (at === -1) return;
  event.preventDefault();
  rows.at((at + (event.key === 'ArrowDown' ? 1 : -1)) % rows.length)?.focus();
}

function Rows() {
  return (
    <div className="flex flex-col gap-2 py-2" aria-busy="true" aria-label="Looking for agents">
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  );
}

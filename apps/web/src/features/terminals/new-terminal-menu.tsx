import type { AgentId } from '@farhand/shared/model/agents';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { Plus, SquareTerminal } from 'lucide-react';
import { IconButton } from '@/ui/button.tsx';
import { Menu, type MenuItem } from '@/ui/menu.tsx';
import { showError } from '@/ui/toast.tsx';
import { openPane } from '../panes/pane-host.ts';
import { agentChoices } from '../sessions/agent-order.ts';
import { useAgents } from '../sessions/agents-query.ts';
import { openTerminal } from './opened-here.ts';

/** Opens a terminal with a shell, or with one of the host's agents that work in a terminal. */
export function NewTerminalMenu({ workspace }: { readonly workspace: Workspace }) {
  const { agents } = useAgents(workspace.hostId);
  const inTerminal = agentChoices(agents ?? []).ready.filter(({ kind }) => kind === 'terminal');
  const open = async (agent: AgentId | null, name: string) => {
    try {
      const { id } = await openTerminal(workspace.id, agent);
      openPane({ kind: 'terminal', workspaceId: workspace.id, terminalId: id });
    } catch (error) {
      showError(`${name} was not opened`, error);
    }
  };
  const openShell = () => void open(null, 'The terminal');
  if (inTerminal.length === 0) {
    return (
      <IconButton label="New terminal" onClick={openShell}>
        <Plus className="size-3.5" aria-hidden />
      </IconButton>
    );
  }
  const others = inTerminal.map(
    ({ id, name }): MenuItem => ({ label: name, onSelect: () => void open(id, name) }),
  );
  return (
    <Menu
      align="end"
      items={[
        { label: 'Shell', icon: <SquareTerminal className="size-3.5" />, onSelect: openShell },
        'separator',
        ...others,
      ]}
    >
      <button
        type="button"
        aria-label="New terminal"
        title="New terminal"
        className="inline-flex size-6 items-center justify-center rounded-ui text-text-3 hover:bg-hover hover:text-text phone:size-11"
      >
        <Plus className="size-3.5" aria-hidden />
      </button>
    </Menu>
  );
}

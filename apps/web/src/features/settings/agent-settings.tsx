import '../sessions/new-session.css';
import { BUILTIN_AGENT, type HostAgent } from '@farhand/shared/model/agents';
import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { viewStore } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { Field } from '@/ui/field.tsx';
import { Hint } from '@/ui/hint.tsx';
import { Select } from '@/ui/select.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { useHostChoices } from '../hosts/host-choices.tsx';
import { agentChoices } from '../sessions/agent-order.ts';
import { lookForAgents, refreshAgents, useAgents } from '../sessions/agents-query.ts';
import { CustomAgent } from '../sessions/custom-agent.tsx';
import { AgentInstalls } from './agent-installs.tsx';
import { Group } from './group.tsx';

/** The agents of one host: which are there, how the others are installed, and commands of the person's own. */
export function AgentSettings() {
  const choices = useHostChoices();
  const [chosen, setChosen] = useState<HostId | null>(null);
  const shownHost = useServerState(
    (state) => state.workspaces[viewStore.getState().workspaceId ?? '']?.hostId,
  );
  const hostId = chosen ?? shownHost ?? LOCAL_HOST;
  return (
    <DialogBody className="gap-6!">
      <div className="flex items-end gap-2">
        <div className="min-w-0 max-w-sm flex-1">
          <Field label="Host">
            {({ id }) => (
              <Select
                id={id}
                value={hostId}
                onChange={setChosen}
                choices={choices.map(({ value, label }) => ({ value: value as HostId, label }))}
              />
            )}
          </Field>
        </div>
        <LookAgain hostId={hostId} />
      </div>
      <AgentsOf hostId={hostId} key={hostId} />
    </DialogBody>
  );
}

function LookAgain({ hostId }: { readonly hostId: HostId }) {
  const { isLooking } = useAgents(hostId);
  return (
    <Button
      disabled={isLooking}
      onClick={() =>
        void lookForAgents(hostId).catch((error: unknown) => showError('The host was not looked at', error))
      }
    >
      <RefreshCw className="size-3.5" aria-hidden /> {isLooking ? 'Looking' : 'Look again'}
    </Button>
  );
}

function AgentsOf({ hostId }: { readonly hostId: HostId }) {
  const { agents, error } = useAgents(hostId);
  const workspaces = useServerState((state) =>
    Object.values(state.workspaces).filter((one) => one.hostId === hostId && one.state === 'ready'),
  );
  const [chosen, setChosen] = useState<WorkspaceId | null>(null);
  const workspaceId = workspaces.find(({ id }) => id === chosen)?.id ?? workspaces[0]?.id ?? null;
  if (error) return <InlineError error={error} />;
  if (!agents) return <Skeleton className="h-40" />;
  const { ready, missing } = agentChoices(agents);
  return (
    <>
      <Group title="On this host" note="Found by the login shell’s PATH.">
        <ul className="divide-y divide-hairline rounded-ui border border-hairline">
          {ready.map((agent) => (
            <AgentLine key={agent.id} agent={agent} />
          ))}
        </ul>
        <CustomAgent />
      </Group>
      {missing.length > 0 && (
        <Group
          title="Not installed"
          note={
            workspaces.length > 0
              ? 'The command that is shown runs in a terminal of the chosen workspace.'
              : 'An install needs a workspace on this host, in whose terminal it runs.'
          }
        >
          {workspaces.length > 1 && (
            <div className="max-w-sm">
              <Field label="Installs run in">
                {({ id }) => (
                  <Select
                    id={id}
                    value={workspaceId}
                    onChange={setChosen}
                    choices={workspaces.map((one) => ({ value: one.id, label: one.name }))}
                  />
                )}
              </Field>
            </div>
          )}
          <ul className="divide-y divide-hairline rounded-ui border border-hairline">
            {missing.map((agent) => (
              <li key={agent.id} className="flex flex-col gap-1 px-3 py-2">
                <AgentHead agent={agent} />
                <AgentInstalls agent={agent} workspaceId={workspaceId} />
              </li>
            ))}
          </ul>
        </Group>
      )}
    </>
  );
}

const KINDS = { builtin: 'built in', acp: 'ACP', terminal: 'in a terminal' } as const;

function AgentHead({ agent }: { readonly agent: HostAgent }) {
  return (
    <>
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{agent.name}</span>
        <span className="text-small text-text-3">{KINDS[agent.kind]}</span>
        {agent.state === 'unknown' && (
          <span className="text-small text-text-3">not known while the host is away</span>
        )}
        {agent.version && <span className="text-small text-text-2 tabular-nums">{agent.version}</span>}
      </p>
      {agent.note && (
        <p className="text-small text-text-2">
          <Hint text={agent.note} />
        </p>
      )}
    </>
  );
}

function AgentLine({ agent }: { readonly agent: HostAgent }) {
  const where = agent.isCustom ? agent.command : (agent.path ?? null);
  const remove = async () => {
    try {
      await call('agent.remove', { agent: agent.id });
      await refreshAgents();
    } catch (error) {
      showError('The agent was not removed', error);
    }
  };
  return (
    <li className="flex items-start gap-2 px-3 py-2">
      <div className="flex min-w-0 flex-1 flex-col">
        <AgentHead agent={agent} />
        {agent.id === BUILTIN_AGENT ? (
          <p className="text-small text-text-3">Runs in the server, with the models of the settings.</p>
        ) : (
          where && <code className="text-small break-all text-text-3">{where}</code>
        )}
      </div>
      {agent.isCustom && (
        <Button
          size="small"
          variant="ghost"
          className="phone:h-11"
          aria-label={`Remove ${agent.name}`}
          onClick={() => void remove()}
        >
          Remove
        </Button>
      )}
    </li>
  );
}

import { BUILTIN_AGENT } from '@farhand/shared/model/agents';
import { parseHostTarget } from '@farhand/shared/model/host-target';
import type { HostId } from '@farhand/shared/model/hosts';
import { Copy, X } from 'lucide-react';
import { useId } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { Combobox } from '@/ui/combobox.tsx';
import { Select } from '@/ui/select.tsx';
import { useModels } from '../composer/models-store.ts';
import { useHostChoices } from '../hosts/host-choices.tsx';
import { agentName } from '../sessions/agent-name.ts';
import { agentChoices } from '../sessions/agent-order.ts';
import { useAgents } from '../sessions/agents-query.ts';
import type { VariantDraft } from './variant-drafts.ts';

interface VariantFieldsProps {
  readonly draft: VariantDraft;
  readonly number: number;
  readonly canAdd: boolean;
  readonly canRemove: boolean;
  onChange(part: Partial<Omit<VariantDraft, 'key'>>): void;
  onDuplicate(): void;
  onRemove(): void;
}

/** One variant of the dialog: its agent, its model where the agent takes one, its host. */
export function VariantFields({ draft, number, ...row }: VariantFieldsProps) {
  return (
    <li className="grid grid-cols-[1.25rem_1fr_1.4fr_1fr_auto] items-center gap-2 phone:grid-cols-[1.25rem_1fr_auto]">
      <span className="text-right text-small text-text-3 tabular-nums" aria-hidden>
        {number}
      </span>
      <AgentChoice draft={draft} number={number} onChange={row.onChange} />
      <div className="min-w-0 phone:order-2 phone:col-span-3 phone:pl-7">
        <ModelChoice draft={draft} number={number} onChange={row.onChange} />
      </div>
      <div className="min-w-0 phone:order-2 phone:col-span-3 phone:pl-7">
        <HostChoice draft={draft} number={number} onChange={row.onChange} />
      </div>
      <span className="flex">
        <IconButton label={`Duplicate variant ${number}`} disabled={!row.canAdd} onClick={row.onDuplicate}>
          <Copy className="size-3.5" aria-hidden />
        </IconButton>
        <IconButton label={`Remove variant ${number}`} disabled={!row.canRemove} onClick={row.onRemove}>
          <X className="size-3.5" aria-hidden />
        </IconButton>
      </span>
    </li>
  );
}

type ChoiceProps = Pick<VariantFieldsProps, 'draft' | 'number' | 'onChange'>;

function AgentChoice({ draft, number, onChange }: ChoiceProps) {
  // A host that was only typed is not looked at: the built-in agent works everywhere.
  const hostId = parseHostTarget(draft.host)?.hostId;
  const isKnown = useServerState((state) => hostId !== undefined && state.hosts[hostId] !== undefined);
  return isKnown && hostId !== undefined ? (
    <HostAgents draft={draft} number={number} onChange={onChange} hostId={hostId} />
  ) : (
    <AgentSelect
      draft={draft}
      number={number}
      onChange={onChange}
      agents={[{ id: BUILTIN_AGENT, name: agentName(BUILTIN_AGENT) }]}
    />
  );
}

function HostAgents({ hostId, ...rest }: ChoiceProps & { readonly hostId: HostId }) {
  const { agents } = useAgents(hostId);
  // An agent in a terminal takes no prompt and ends no turn.
  const ready = agentChoices(agents ?? []).ready.filter(({ kind }) => kind !== 'terminal');
  const chosen = { id: rest.draft.agent, name: agentName(rest.draft.agent) };
  const isListed = ready.some(({ id }) => id === chosen.id);
  return <AgentSelect {...rest} agents={isListed ? ready : [chosen, ...ready]} />;
}

interface AgentSelectProps extends ChoiceProps {
  readonly agents: readonly { readonly id: string; readonly name: string }[];
}

function AgentSelect({ draft, number, onChange, agents }: AgentSelectProps) {
  return (
    <Select
      label={`Agent of variant ${number}`}
      value={draft.agent}
      onChange={(agent) => onChange({ agent })}
      choices={agents.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}

function ModelChoice({ draft, number, onChange }: ChoiceProps) {
  const { options } = useModels();
  if (draft.agent !== BUILTIN_AGENT)
    return <p className="truncate text-small text-text-3">The model that it is set to</p>;
  if (options?.length === 0)
    return <p className="truncate text-small text-text-3">No model is set up: see the settings</p>;
  return (
    <Select
      label={`Model of variant ${number}`}
      value={draft.model}
      placeholder="Model"
      onChange={(model) => onChange({ model })}
      choices={(options ?? []).map(({ ref }) => ({ value: ref, label: ref }))}
    />
  );
}

function HostChoice({ draft, number, onChange }: ChoiceProps) {
  const id = useId();
  const choices = useHostChoices();
  const isWrong = draft.host !== '' && parseHostTarget(draft.host) === null;
  return (
    <>
      <label htmlFor={id} className="sr-only">
        Host of variant {number}
      </label>
      <Combobox
        control={{ id, 'aria-describedby': undefined, 'aria-invalid': isWrong ? true : undefined }}
        canType
        value={draft.host}
        onChange={(host) => onChange({ host })}
        choices={choices}
        typedLabel={(text) => (parseHostTarget(text) === null ? null : `Use ${text}`)}
      />
    </>
  );
}

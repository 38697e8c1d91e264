import type { AgentControls, AgentOption } from '@farhand/shared/model/agents';
import type { Session } from '@farhand/shared/model/sessions';
import { SlidersHorizontal } from 'lucide-react';
import { Popover } from 'radix-ui';
import { BUILTIN_AGENT } from '@/client/ids.ts';
import { useControls } from '@/client/state-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { DryRunSwitch } from '../dry-run/dry-run-switch.tsx';
import { agentName } from '../sessions/agent-name.ts';
import { controlGroups, isPlanMode } from './control-groups.ts';
import { ControlSelect } from './control-select.tsx';
import { ModelSelect } from './model-select.tsx';
import { type SetControl, useControl } from './use-control.ts';
import type { ChosenModel } from './use-model.ts';

interface ControlsBarProps {
  readonly session: Session;
  readonly model: ChosenModel;
}

/** Who answers and how: mode, agent, model, effort, and a menu of what else the agent lets a person set. */
export function ControlsBar({ session, model }: ControlsBarProps) {
  const controls = useControls(session.id);
  const isBuiltin = session.agent === BUILTIN_AGENT;
  return (
    <div className="composer-controls">
      {!isBuiltin && (
        <span
          className="max-w-40 truncate px-1 text-small text-text-3"
          title={controls?.agentVersion ?? 'It has not said its version yet'}
        >
          {agentName(session.agent)} {versionNumber(controls?.agentVersion)}
        </span>
      )}
      {isBuiltin && <ModelSelect model={model} />}
      {controls && <Settable controls={controls} hasOwnModels={isBuiltin} />}
      <DryRunSwitch sessionId={session.id} />
    </div>
  );
}

// Agents say it with their adapter's name: `codex-acp 0.9.2`; the number is what fits beside the name.
const versionNumber = (version: string | null | undefined) => /\d[\w.+-]*$/.exec(version ?? '')?.[0] ?? '';

function Settable({
  controls,
  hasOwnModels,
}: {
  readonly controls: AgentControls;
  readonly hasOwnModels: boolean;
}) {
  const setting = useControl(controls);
  const { direct, more } = controlGroups(controls.options, hasOwnModels);
  return (
    <>
      {controls.modes.length > 0 && <Mode controls={controls} setting={setting} />}
      {direct.map((option) => (
        <Option key={option.id} option={option} setting={setting} isNamed={option.category !== 'model'} />
      ))}
      {more.length > 0 && <More options={more} setting={setting} version={controls.agentVersion} />}
    </>
  );
}

function Mode({ controls, setting }: { readonly controls: AgentControls; readonly setting: SetControl }) {
  const value = setting.valueOf('mode', controls.mode);
  const mode = typeof value === 'string' ? value : null;
  return (
    <ControlSelect
      label="Mode"
      value={mode ?? ''}
      className={cx('order-first', isPlanMode({ modes: controls.modes, mode }) && 'composer-plan-mark')}
      choices={controls.modes.map(({ id, name, description }) => ({
        value: id,
        name,
        description,
        group: null,
      }))}
      onChange={(next) => setting.set('mode', next)}
    />
  );
}

interface OptionProps {
  readonly option: AgentOption;
  readonly setting: SetControl;
  readonly isNamed?: boolean;
}

function Option({ option, setting, isNamed = false }: OptionProps) {
  const value = setting.valueOf(option.id, option.value);
  if (option.choices.length === 0)
    return (
      <label
        className="flex min-h-7 items-center gap-2 text-small text-text-2 phone:min-h-11"
        title={option.description ?? undefined}
      >
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={value === true}
          onChange={({ target }) => setting.set(option.id, target.checked)}
        />
        {option.name}
      </label>
    );
  return (
    <ControlSelect
      label={option.name}
      value={String(value)}
      choices={option.choices}
      isNamed={isNamed}
      onChange={(next) => setting.set(option.id, next)}
    />
  );
}

interface MoreProps {
  readonly options: readonly AgentOption[];
  readonly setting: SetControl;
  readonly version: string | null;
}

function More({ options, setting, version }: MoreProps) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton label="More settings of the agent" className="phone:size-11">
          <SlidersHorizontal className="size-3.5" aria-hidden />
        </IconButton>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="More settings of the agent"
          className="z-50 flex max-h-80 w-72 flex-col gap-1 overflow-y-auto rounded-ui bg-raised p-3 shadow-float"
        >
          {options.map((option) => (
            <div key={option.id} className="flex min-h-7 items-center justify-between gap-3">
              {option.choices.length > 0 && (
                <span className="min-w-0 text-small text-text-2" title={option.description ?? undefined}>
                  {option.name}
                </span>
              )}
              <Option option={option} setting={setting} />
            </div>
          ))}
          {version && <p className="pt-1 text-micro text-text-3">{version}</p>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

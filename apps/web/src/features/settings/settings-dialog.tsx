import type { ProjectId } from '@farhand/shared/model/ids';
import { ChevronLeft } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useIsPhone } from '@/client/use-media.ts';
import { closeDialog, type SettingsPart } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Dialog } from '@/ui/dialog.tsx';
import { HostSettings } from '../hosts/settings/host-settings.tsx';
import { NotificationSettings } from '../notifications/notification-settings.tsx';
import { OperationSettings } from '../operations/operation-settings.tsx';
import { PolicySettings } from '../policy/policy-settings.tsx';
import { SandboxSettings } from '../sandbox/sandbox-settings.tsx';
import { SecretSettings } from '../secrets/secret-settings.tsx';
import { TokenSettings } from '../tokens/token-settings.tsx';
import { AgentSettings } from './agent-settings.tsx';
import { AppearanceSettings } from './appearance-settings.tsx';
import { ApprovalSettings } from './approval-settings.tsx';
import { BudgetSettings } from './budget-settings.tsx';
import { McpSettings } from './mcp-settings.tsx';
import { ModelSettings } from './model-settings.tsx';
import { FIRST_SETTING, SETTING_GROUPS, type Setting, settingOf } from './setting-groups.ts';

interface SettingsDialogProps {
  readonly part: SettingsPart;
  /** Whose secrets and servers are shown first. */
  readonly projectId: ProjectId | undefined;
}

const SHOW: Readonly<Record<SettingsPart, (projectId: ProjectId | undefined) => ReactNode>> = {
  models: () => <ModelSettings />,
  agents: () => <AgentSettings />,
  budgets: () => <BudgetSettings />,
  hosts: () => <HostSettings />,
  secrets: (projectId) => <SecretSettings initialProject={projectId} />,
  sandbox: () => <SandboxSettings />,
  approvals: () => <ApprovalSettings />,
  policy: () => <PolicySettings />,
  operations: () => <OperationSettings />,
  mcp: (projectId) => <McpSettings initialProject={projectId} />,
  tokens: () => <TokenSettings />,
  notifications: () => <NotificationSettings />,
  appearance: () => <AppearanceSettings />,
};

/** All settings: the parts, in groups, beside the one that is shown; on a phone the list first. */
export default function SettingsDialog({ part, projectId }: SettingsDialogProps) {
  const isPhone = useIsPhone();
  const [shown, setShown] = useState<SettingsPart>(part);
  // On a phone a part that was asked for is shown at once; the usual way in is the list.
  const [isListShown, setIsListShown] = useState(part === 'models');
  const { label } = settingOf(shown);
  const list = (
    <PartList
      shown={isPhone ? null : shown}
      onShow={(next) => {
        setShown(next);
        setIsListShown(false);
      }}
    />
  );
  const content = SHOW[shown](projectId);
  return (
    <Dialog title={isPhone && !isListShown ? label : 'Settings'} onClose={closeDialog} width="wide">
      {isPhone ? (
        <div className="flex min-h-0 flex-1 flex-col">
          {isListShown ? (
            list
          ) : (
            <>
              <Button variant="ghost" className="m-1 w-fit" onClick={() => setIsListShown(true)}>
                <ChevronLeft className="size-4" aria-hidden /> All settings
              </Button>
              <section aria-label={label} className="flex min-h-0 flex-1 flex-col">
                {content}
              </section>
            </>
          )}
        </div>
      ) : (
        <div className="flex h-[38rem] max-h-full min-h-0">
          <div className="w-44 shrink-0 overflow-y-auto border-r border-hairline p-2">{list}</div>
          <section aria-label={label} key={shown} className="flex min-h-0 min-w-0 flex-1 flex-col">
            {content}
          </section>
        </div>
      )}
    </Dialog>
  );
}

interface PartListProps {
  /** Null where the list stands alone. */
  readonly shown: SettingsPart | null;
  readonly onShow: (part: SettingsPart) => void;
}

function PartList({ shown, onShow }: PartListProps) {
  return (
    <nav
      aria-label="Settings"
      className="flex flex-col gap-3 phone:min-h-0 phone:gap-4 phone:overflow-y-auto phone:p-2"
      onKeyDown={moveByArrows}
    >
      {SETTING_GROUPS.map(({ title, parts }) => (
        <section key={title} aria-label={title} className="flex flex-col gap-0.5">
          <h3 className="px-2 pb-0.5 text-small font-medium text-text-3">{title}</h3>
          {parts.map((one) => (
            <PartButton
              key={one.part}
              {...one}
              isShown={one.part === shown}
              isFocused={one.part === (shown ?? FIRST_SETTING)}
              onShow={() => onShow(one.part)}
            />
          ))}
        </section>
      ))}
    </nav>
  );
}

interface PartButtonProps extends Pick<Setting, 'label' | 'note'> {
  readonly isShown: boolean;
  /** Gets the focus when the list comes. */
  readonly isFocused: boolean;
  readonly onShow: () => void;
}

function PartButton({ label, note, isShown, isFocused, onShow }: PartButtonProps) {
  return (
    <button
      type="button"
      aria-current={isShown ? 'page' : undefined}
      {...(isFocused && { 'data-autofocus': true })}
      onClick={onShow}
      className={cx(
        'flex min-h-7 flex-col justify-center rounded-ui px-2 text-left outline-offset-[-2px] phone:min-h-12',
        isShown ? 'bg-selected text-text' : 'text-text-2 hover:bg-hover hover:text-text',
      )}
    >
      {label}
      <span className="hidden text-small text-text-3 phone:block">{note}</span>
    </button>
  );
}

function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const parts = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = parts.findIndex((part) => part === document.activeElement);
  event.preventDefault();
  parts[at + step]?.focus();
}

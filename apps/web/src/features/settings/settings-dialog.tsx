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

interface SettingsDialogProps {
  readonly part: SettingsPart;
  /** Whose secrets and servers are shown first. */
  readonly projectId: ProjectId | undefined;
}

interface Part {
  readonly part: SettingsPart;
  readonly label: string;
  /** What is in it, for the list on a phone. */
  readonly note: string;
  readonly show: (projectId: ProjectId | undefined) => ReactNode;
}

const PARTS: readonly Part[] = [
  { part: 'models', label: 'Models', note: 'Providers and keys', show: () => <ModelSettings /> },
  { part: 'hosts', label: 'Hosts', note: 'Records, tests, the default', show: () => <HostSettings /> },
  { part: 'agents', label: 'Agents', note: 'What each host has', show: () => <AgentSettings /> },
  { part: 'approvals', label: 'Approvals', note: 'When agents ask', show: () => <ApprovalSettings /> },
  { part: 'policy', label: 'Policy', note: 'Rules for commands', show: () => <PolicySettings /> },
  {
    part: 'operations',
    label: 'Operations',
    note: 'Commands that agents may ask for',
    show: () => <OperationSettings />,
  },
  {
    part: 'budgets',
    label: 'Budgets and prices',
    note: 'Limits and what models cost',
    show: () => <BudgetSettings />,
  },
  { part: 'sandbox', label: 'Sandbox', note: 'What jobs may do', show: () => <SandboxSettings /> },
  {
    part: 'secrets',
    label: 'Secrets',
    note: 'Values and files for jobs',
    show: (projectId) => <SecretSettings initialProject={projectId} />,
  },
  {
    part: 'mcp',
    label: 'MCP servers',
    note: 'Tools of a project',
    show: (projectId) => <McpSettings initialProject={projectId} />,
  },
  { part: 'tokens', label: 'API tokens and MCP', note: 'For other programs', show: () => <TokenSettings /> },
  {
    part: 'notifications',
    label: 'Notifications',
    note: 'Sound, desktop, push',
    show: () => <NotificationSettings />,
  },
  { part: 'appearance', label: 'Appearance', note: 'Theme and text', show: () => <AppearanceSettings /> },
];

/** All settings: the list of parts beside the one that is shown; on a phone the list first. */
export default function SettingsDialog({ part, projectId }: SettingsDialogProps) {
  const isPhone = useIsPhone();
  const [shown, setShown] = useState<SettingsPart>(part);
  // On a phone a part that was asked for is shown at once; the usual way in is the list.
  const [isListShown, setIsListShown] = useState(part === 'models');
  const current = PARTS.find((one) => one.part === shown) ?? PARTS[0];
  if (!current) return null;
  const list = (
    <PartList
      shown={isPhone ? null : current.part}
      onShow={(next) => {
        setShown(next);
        setIsListShown(false);
      }}
    />
  );
  const content = current.show(projectId);
  return (
    <Dialog title={isPhone && !isListShown ? current.label : 'Settings'} onClose={closeDialog} width="wide">
      {isPhone ? (
        <div className="flex min-h-0 flex-1 flex-col">
          {isListShown ? (
            list
          ) : (
            <>
              <Button variant="ghost" className="m-1 w-fit" onClick={() => setIsListShown(true)}>
                <ChevronLeft className="size-4" aria-hidden /> All settings
              </Button>
              <section aria-label={current.label} className="flex min-h-0 flex-1 flex-col">
                {content}
              </section>
            </>
          )}
        </div>
      ) : (
        <div className="flex h-[38rem] max-h-full min-h-0">
          <div className="w-44 shrink-0 overflow-y-auto border-r border-hairline p-2">{list}</div>
          <section
            aria-label={current.label}
            key={current.part}
            className="flex min-h-0 min-w-0 flex-1 flex-col"
          >
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
    <nav aria-label="Settings" className="flex flex-col gap-0.5 phone:p-2" onKeyDown={moveByArrows}>
      {PARTS.map(({ part, label, note }) => (
        <button
          key={part}
          type="button"
          aria-current={part === shown ? 'page' : undefined}
          {...((part === shown || shown === null) && { 'data-autofocus': true })}
          onClick={() => onShow(part)}
          className={cx(
            'flex min-h-7 flex-col justify-center rounded-ui px-2 text-left outline-offset-[-2px] phone:min-h-12',
            part === shown ? 'bg-selected text-text' : 'text-text-2 hover:bg-hover hover:text-text',
          )}
        >
          {label}
          <span className="hidden text-small text-text-3 phone:block">{note}</span>
        </button>
      ))}
    </nav>
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

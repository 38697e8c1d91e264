import type { Workspace } from '@farhand/shared/model/workspaces';
import { ShieldCheck, ShieldOff } from 'lucide-react';
import { Popover } from 'radix-ui';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { PolicyChoice } from './policy-choice.tsx';
import { policyText } from './policy-text.ts';
import { setPolicy } from './workspace-actions.ts';

/** Says when the agents of a workspace ask, and lets it be changed. One that never asks stands out. */
export default function PolicyButton({ workspace }: { readonly workspace: Workspace }) {
  const { label, sentence } = policyText(workspace.approvalPolicy);
  const isNever = workspace.approvalPolicy === 'never';
  const Icon = isNever ? ShieldOff : ShieldCheck;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          title={sentence}
          aria-label={`Approvals: ${label}`}
          className={cx(
            'inline-flex h-6 min-w-0 shrink items-center gap-1 phone:shrink-0 rounded-ui px-1.5 text-small phone:h-11 phone:min-w-11 phone:justify-center',
            isNever
              ? 'bg-blocked-wash font-medium text-blocked hover:brightness-95'
              : 'text-text-3 hover:bg-hover hover:text-text',
          )}
        >
          <Icon aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="truncate @max-2xl/header:hidden">{label}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="When agents ask"
          className="z-50 flex w-96 max-w-[calc(100vw-1rem)] flex-col gap-1 rounded-ui bg-raised p-2 text-ui text-text shadow-float outline-none"
        >
          <PolicyChoice
            label={`When agents of ${workspace.name} ask`}
            value={workspace.approvalPolicy}
            onChange={(policy) => setPolicy(workspace, policy)}
          />
          <p className="flex items-center gap-2 border-t border-hairline px-2 pt-2 text-small text-text-3">
            <span className="flex-1">Counts at once, also for turns under way.</span>
            <Popover.Close asChild>
              <Button
                size="small"
                className="phone:h-11"
                onClick={() => openDialog({ kind: 'settings', part: 'approvals' })}
              >
                Rules
              </Button>
            </Popover.Close>
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

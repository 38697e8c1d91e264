import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { Box, PackageOpen } from 'lucide-react';
import { Popover } from 'radix-ui';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { ProfileChoice } from './profile-choice.tsx';
import { profileLabel } from './profiles-query.ts';
import { setSandbox } from './sandbox-actions.ts';

/** Says which sandbox the jobs of a workspace run in, and lets it be changed. */
export default function SandboxButton({ workspace }: { readonly workspace: Workspace }) {
  const { sandbox = NO_SANDBOX } = workspace;
  const isNone = sandbox === NO_SANDBOX;
  const Icon = isNone ? PackageOpen : Box;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          title={isNone ? 'Jobs may do all that the account on the host may do.' : profileLabel(sandbox)}
          aria-label={profileLabel(sandbox)}
          className={cx(
            'inline-flex h-6 min-w-0 shrink items-center gap-1 rounded-ui px-1.5 text-small hover:bg-hover phone:h-11 phone:min-w-11 phone:shrink-0 phone:justify-center',
            isNone ? 'text-text-3 hover:text-text' : 'text-text-2 hover:text-text',
          )}
        >
          <Icon aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="truncate @max-2xl/header:hidden">{isNone ? 'No sandbox' : sandbox}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Sandbox"
          className="z-50 flex w-96 max-w-[calc(100vw-1rem)] flex-col gap-1 rounded-ui bg-raised p-2 text-ui text-text shadow-float outline-none"
        >
          <ProfileChoice
            label={`Sandbox of ${workspace.name}`}
            value={sandbox}
            onChange={(profile) => setSandbox(workspace, profile)}
          />
          <p className="flex items-center gap-2 border-t border-hairline px-2 pt-2 text-small text-text-3">
            <span className="flex-1">Counts for what starts from now on. It is put on record.</span>
            <Popover.Close asChild>
              <Button
                size="small"
                className="phone:h-11"
                onClick={() => openDialog({ kind: 'settings', part: 'sandbox' })}
              >
                Check hosts
              </Button>
            </Popover.Close>
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

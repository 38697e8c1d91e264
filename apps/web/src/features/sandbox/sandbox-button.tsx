import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { Box, PackageOpen } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/ui/cx.ts';
import { useCommand } from '../keys/commands.ts';
import { HeaderChoice } from '../workspaces/header-choice.tsx';
import { ProfileChoice } from './profile-choice.tsx';
import { profileLabel } from './profiles-query.ts';
import { setSandbox } from './sandbox-actions.ts';

/** Says which sandbox the jobs of a workspace run in, and lets it be changed. */
export default function SandboxButton({ workspace }: { readonly workspace: Workspace }) {
  const [isOpen, setIsOpen] = useState(false);
  useCommand('sandbox.choose', () => setIsOpen(true));
  const { sandbox = NO_SANDBOX } = workspace;
  const isNone = sandbox === NO_SANDBOX;
  return (
    <HeaderChoice
      icon={isNone ? PackageOpen : Box}
      text={profileLabel(sandbox)}
      title={
        isNone
          ? 'Jobs may do all that the account on the host may do.'
          : 'What jobs may read and write on the host.'
      }
      look={cx('hover:bg-hover hover:text-text', isNone ? 'text-text-3' : 'text-text-2')}
      choicesLabel="Sandbox"
      note="Counts for what starts from now on. It is put on record."
      settings={{ part: 'sandbox', label: 'Check hosts' }}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
    >
      <ProfileChoice
        label={`Sandbox of ${workspace.name}`}
        value={sandbox}
        onChange={(profile) => setSandbox(workspace, profile)}
      />
    </HeaderChoice>
  );
}

import type { Workspace } from '@farhand/shared/model/workspaces';
import { ShieldCheck, ShieldOff } from 'lucide-react';
import { useState } from 'react';
import { HeaderChoice } from './header-choice.tsx';
import { PolicyChoice } from './policy-choice.tsx';
import { policyText } from './policy-text.ts';
import { setPolicy } from './workspace-actions.ts';

/** Says when the agents of a workspace ask, and lets it be changed. One that never asks stands out. */
export default function PolicyButton({ workspace }: { readonly workspace: Workspace }) {
  const [isOpen, setIsOpen] = useState(false);
  const { label, sentence } = policyText(workspace.approvalPolicy);
  const isNever = workspace.approvalPolicy === 'never';
  return (
    <HeaderChoice
      icon={isNever ? ShieldOff : ShieldCheck}
      text={label}
      label={`Approvals: ${label}`}
      title={sentence}
      look={
        isNever
          ? 'bg-blocked-wash font-medium text-blocked hover:brightness-95'
          : 'text-text-3 hover:bg-hover hover:text-text'
      }
      choicesLabel="When agents ask"
      note="Counts at once, also for turns under way."
      settings={{ part: 'approvals', label: 'Rules' }}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
    >
      <PolicyChoice
        label={`When agents of ${workspace.name} ask`}
        value={workspace.approvalPolicy}
        onChange={(policy) => setPolicy(workspace, policy)}
      />
    </HeaderChoice>
  );
}

import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { Select } from '@/ui/select.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { PolicyChoice } from '../workspaces/policy-choice.tsx';
import { POLICIES, policyText } from '../workspaces/policy-text.ts';
import { setPolicy } from '../workspaces/workspace-actions.ts';
import { ApprovalRules } from './approval-rules.tsx';
import { Group } from './group.tsx';
import { SetList } from './set-list.tsx';

/** When agents have to ask: in workspaces to come, and in each that is there, with what it allows for always. */
export function ApprovalSettings() {
  const workspaces = useServerState((state) =>
    Object.values(state.workspaces)
      .filter(({ state: its }) => its !== 'archived')
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  return (
    <DialogBody className="gap-6!">
      <Group title="New workspaces" note="What agents of workspaces made from now on have to ask for.">
        <DefaultPolicy />
      </Group>
      <Group
        title="Workspaces"
        note="A change counts at once, also for turns under way. Rules were stored by “always allow”."
      >
        {workspaces.length === 0 ? (
          <p className="text-text-3">There are none yet.</p>
        ) : (
          <SetList items={workspaces}>
            {(workspace) => <WorkspacePolicy key={workspace.id} workspace={workspace} />}
          </SetList>
        )}
      </Group>
    </DialogBody>
  );
}

const KEY = ['default_policy'] as const;

function DefaultPolicy() {
  const { data, error } = useQuery({ queryKey: KEY, queryFn: () => call('approval.default_policy', {}) });
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="h-40" />;
  const change = async (policy: ApprovalPolicy) => {
    queryClient.setQueryData(KEY, { policy });
    try {
      await call('approval.set_default_policy', { policy });
    } catch (thrown) {
      showError('The policy was not changed', thrown);
    }
    await queryClient.invalidateQueries({ queryKey: KEY });
  };
  return (
    <PolicyChoice
      label="Policy of new workspaces"
      value={data.policy}
      onChange={(policy) => void change(policy)}
    />
  );
}

function WorkspacePolicy({ workspace }: { readonly workspace: Workspace }) {
  const project = useServerState((state) => state.projects[workspace.projectId]?.name);
  const [isOpen, setIsOpen] = useState(false);
  const { approvalPolicy } = workspace;
  return (
    <li className="flex flex-col px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <p className="min-w-0 flex-1 truncate phone:basis-full">
          <span className="font-medium">{workspace.name}</span>{' '}
          <span className="text-small text-text-3">{project}</span>
        </p>
        <Select
          look="quiet"
          label={`Policy of ${workspace.name}`}
          className={approvalPolicy === 'never' ? 'bg-blocked-wash font-medium text-blocked!' : ''}
          value={approvalPolicy}
          onChange={(policy) => setPolicy(workspace, policy)}
          choices={POLICIES.map(({ policy, label }) => ({ value: policy, label }))}
        />
        <Button
          size="small"
          variant="ghost"
          className="phone:h-11"
          aria-expanded={isOpen}
          aria-label={`Rules of ${workspace.name}`}
          onClick={() => setIsOpen(!isOpen)}
        >
          Rules
        </Button>
      </div>
      <p className="text-small text-text-3">{policyText(approvalPolicy).sentence}</p>
      {isOpen && <ApprovalRules workspaceId={workspace.id} />}
    </li>
  );
}

import type { ApprovalRule } from '@farhand/shared/model/approvals';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { InlineError } from '../composer/inline-error.tsx';

const keyOf = (id: WorkspaceId) => ['approval_rules', id] as const;

/** What a workspace's agents may do without asking, since somebody allowed it for always. */
export function ApprovalRules({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const { data, error } = useQuery({
    queryKey: keyOf(workspaceId),
    queryFn: () => call('approval.rules', { workspaceId }),
    staleTime: 0,
  });
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="mt-2 h-6" />;
  if (data.rules.length === 0)
    return (
      <p className="pt-2 text-small text-text-3">
        No rules. “Always allow” in a question stores the pattern that is shown there.
      </p>
    );
  const remove = async ({ id }: ApprovalRule) => {
    try {
      await call('approval.remove_rule', { workspaceId, ruleId: id });
    } catch (thrown) {
      showError('The rule was not removed', thrown);
    }
    await queryClient.invalidateQueries({ queryKey: keyOf(workspaceId) });
  };
  return (
    <ul className="mt-2 rounded-ui border border-hairline bg-field">
      {data.rules.map((rule) => (
        <li key={rule.id} className="flex min-h-8 items-center gap-2 px-2">
          <code className="min-w-0 flex-1 text-small break-all">{rule.pattern}</code>
          <span className="shrink-0 text-small text-text-3">
            since {new Date(rule.createdAt).toLocaleDateString()}
          </span>
          <Button
            size="small"
            variant="ghost"
            className="phone:h-11"
            aria-label={`Remove the rule ${rule.pattern}`}
            onClick={() => void remove(rule)}
          >
            Remove
          </Button>
        </li>
      ))}
    </ul>
  );
}

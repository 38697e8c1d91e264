import type { PolicyProposal } from '@farhand/shared/model/policy';
import { useMutation, useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { showError } from '@/ui/toast.tsx';
import { Group } from '../settings/group.tsx';
import { SetList } from '../settings/set-list.tsx';
import { proposalsQuery, tookPolicy } from './policy-query.ts';

/** Rules for what was allowed again and again; nothing where there are none. */
export function PolicyProposals() {
  const { data } = useQuery(proposalsQuery);
  const add = useMutation({
    mutationFn: ({ rule }: PolicyProposal) => call('policy.set_rule', { index: null, rule }),
    onSuccess: tookPolicy,
    onError: (error) => showError('The rule was not added', error),
  });
  if (!data || data.proposals.length === 0) return null;
  return (
    <Group
      title="Proposed"
      note="You allowed these again and again: a rule would save the question. Nothing is added by itself."
    >
      <SetList items={data.proposals}>
        {(proposal) => (
          <li key={proposal.rule.name} className="flex flex-wrap items-center gap-3 px-3 py-2">
            <div className="min-w-0 flex-1">
              <p className="font-mono text-small wrap-anywhere">{proposal.rule.match.join('  ·  ')}</p>
              <p className="text-small text-text-3">
                allowed {proposal.count} times in 30 days, last on{' '}
                {new Date(proposal.lastAt).toLocaleDateString()}
              </p>
            </div>
            <Button
              size="small"
              className="phone:h-11"
              aria-label={`Add the rule ${proposal.rule.name}`}
              disabled={add.isPending}
              onClick={() => add.mutate(proposal)}
            >
              Add
            </Button>
          </li>
        )}
      </SetList>
    </Group>
  );
}

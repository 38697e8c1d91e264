import type { ListedPolicyRule } from '@farhand/shared/model/policy';
import { useState } from 'react';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { showError } from '@/ui/toast.tsx';
import { refreshPolicy, tookPolicy } from './policy-query.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleRow } from './rule-row.tsx';

/** The rules in the order of the file, with a form to add or change one. */
export function RuleList({ rules }: { readonly rules: readonly ListedPolicyRule[] }) {
  const [edited, setEdited] = useState<number | 'new' | null>(null);
  const close = () => setEdited(null);
  const remove = async (index: number, was: string) => {
    try {
      await tookPolicy(await call('policy.remove_rule', { index, was }));
    } catch (thrown) {
      showError('The rule was not removed', thrown);
      await refreshPolicy();
    }
  };
  const move = async (index: number, was: string, by: 'up' | 'down') => {
    try {
      await tookPolicy(await call('policy.move_rule', { index, was, by }));
    } catch (thrown) {
      showError('The rule was not moved', thrown);
      await refreshPolicy();
    }
  };
  return (
    <>
      {rules.length === 0 && edited === null && (
        <EmptyState title="No rules yet">
          Without rules the policy of each workspace decides alone: see Approvals.
        </EmptyState>
      )}
      {rules.length > 0 && (
        <ul aria-label="Rules" className="divide-y divide-hairline rounded-ui border border-hairline">
          {rules.map((rule, index) =>
            edited === index ? (
              <li key={rule.name} className="p-2">
                <RuleForm rule={rule} index={index} onDone={close} />
              </li>
            ) : (
              <RuleRow
                key={rule.name}
                rule={rule}
                isFirst={index === 0}
                isLast={index === rules.length - 1}
                onEdit={() => setEdited(index)}
                onRemove={() => void remove(index, rule.name)}
                onMove={(by) => void move(index, rule.name, by)}
              />
            ),
          )}
        </ul>
      )}
      {edited === 'new' ? (
        <RuleForm rule={null} index={null} onDone={close} />
      ) : (
        <Button className="w-fit phone:h-11" onClick={() => setEdited('new')}>
          Add a rule
        </Button>
      )}
    </>
  );
}

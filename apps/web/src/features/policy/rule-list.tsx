import type { ListedPolicyRule, PolicyFile } from '@farhand/shared/model/policy';
import { useRef, useState } from 'react';
import { call } from '@/client/call.ts';
import { showError } from '@/ui/toast.tsx';
import { FormButton } from '../settings/form-button.tsx';
import { refreshPolicy, tookPolicy } from './policy-query.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleRow } from './rule-row.tsx';

/** The rules in the order of the file, with a form to add or change one. */
export function RuleList({ rules }: { readonly rules: readonly ListedPolicyRule[] }) {
  const [edited, setEdited] = useState<number | null>(null);
  const close = () => setEdited(null);
  const isBusy = useRef(false);
  // One after the other: the place of a rule counts as it was when the last answer came.
  const change = async (failed: string, send: () => Promise<PolicyFile>) => {
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      await tookPolicy(await send());
    } catch (thrown) {
      showError(failed, thrown);
      await refreshPolicy();
    }
    isBusy.current = false;
  };
  const remove = (index: number, was: string) =>
    void change('The rule was not removed', () => call('policy.remove_rule', { index, was }));
  const move = (index: number, was: string, by: 'up' | 'down') =>
    void change('The rule was not moved', () => call('policy.move_rule', { index, was, by }));
  return (
    <>
      {rules.length === 0 && (
        <p className="text-text-3">
          There are none yet: the policy of each workspace decides alone. See Approvals.
        </p>
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
                onRemove={() => remove(index, rule.name)}
                onMove={(by) => move(index, rule.name, by)}
              />
            ),
          )}
        </ul>
      )}
      <FormButton label="Add a rule">
        {(done) => <RuleForm rule={null} index={null} onDone={done} />}
      </FormButton>
    </>
  );
}

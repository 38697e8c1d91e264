import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { PolicyExplanation, PolicyStep } from '@farhand/shared/model/policy';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Textarea } from '@/ui/field.tsx';
import { Hint } from '@/ui/hint.tsx';
import { Select } from '@/ui/select.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { EffectMark } from './effect-mark.tsx';

// No workspace has such an id.
const NONE = 'none';

/** Tells how a command would be judged, each simple command of it with the rule that decides. */
export function TryCommand() {
  const workspaces = useServerState((state) => Object.values(state.workspaces));
  const [command, setCommand] = useState('');
  const [chosen, setChosen] = useState(NONE);
  const explain = useMutation({
    mutationFn: () => {
      const workspace = workspaces.find(({ id }) => id === chosen);
      return call('policy.explain', {
        command,
        host: workspace?.hostId ?? LOCAL_HOST,
        directory: workspace?.directory ?? null,
        preset: workspace?.approvalPolicy ?? 'ask_outside',
      });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    explain.mutate();
  };
  return (
    <>
      <form onSubmit={submit} className="flex flex-col gap-2">
        <Field label="Command">
          {(control) => (
            <Textarea
              {...control}
              required
              rows={2}
              spellCheck={false}
              className="font-mono"
              placeholder="ls && git push"
              value={command}
              onChange={(event) => setCommand(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap items-end gap-2">
          <div className="min-w-64 phone:min-w-0 phone:flex-1">
            <Field label="Where">
              {({ id }) => (
                <Select
                  id={id}
                  value={chosen}
                  onChange={setChosen}
                  choices={[
                    { value: NONE, label: 'A new workspace on this machine' },
                    ...workspaces.map((workspace) => ({
                      value: workspace.id as string,
                      label: workspace.name,
                    })),
                  ]}
                />
              )}
            </Field>
          </div>
          <Button type="submit" className="phone:h-11" disabled={explain.isPending}>
            Explain
          </Button>
        </div>
      </form>
      {explain.error && <InlineError error={ApiError.from(explain.error)} />}
      {explain.data && <Explanation explanation={explain.data} />}
    </>
  );
}

function Explanation({ explanation }: { readonly explanation: PolicyExplanation }) {
  const { verdict, why, rule, unresolved, steps } = explanation;
  return (
    <section aria-label="Explanation" className="flex flex-col gap-2 rounded-ui border border-hairline p-3">
      <p className="flex flex-wrap items-center gap-2">
        <EffectMark effect={verdict} />
        <span className="min-w-0 flex-1 break-words">
          <Hint text={why} />
          {rule && <span className="text-text-3"> Line {rule.line} of the rules.</span>}
        </span>
      </p>
      {unresolved !== null && (
        <p className="text-small text-text-2">Not all of it is known without running it: {unresolved}.</p>
      )}
      {steps.length > 0 && (
        <ol className="divide-y divide-hairline border-t border-hairline">
          {keyed(steps).map(([key, step]) => (
            <li key={key} className="flex flex-wrap items-start gap-2 py-1.5">
              <EffectMark effect={step.verdict} />
              <div className="min-w-0 flex-1">
                <p className="font-mono text-small wrap-anywhere">{step.command}</p>
                <p className="text-small break-words text-text-3">
                  {step.within.length > 0 && `In ${step.within.join(' › ')}. `}
                  <Hint text={step.why} />
                  {step.rule && ` Line ${step.rule.line}.`}
                </p>
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

// The same command can stand in a text twice.
function keyed(steps: readonly PolicyStep[]): [string, PolicyStep][] {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const text = [...step.within, step.command].join('\n');
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return [`${count} ${text}`, step];
  });
}

import type { PolicyFile } from '@farhand/shared/model/policy';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Textarea } from '@/ui/field.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { tookPolicy } from './policy-query.ts';

interface PolicyTextProps {
  readonly file: PolicyFile;
  onDone(): void;
}

const EXAMPLE = `# One table for each rule; deny counts before ask, ask before allow.
#
# [[rules]]
# name = "No forced pushes"
# effect = "deny"
# match = ["git push ** --force **", "git push ** -f **"]
# reason = "History is shared."
`;

/** The file as text, with what is wrong with it as it is typed. */
export function PolicyText({ file, onDone }: PolicyTextProps) {
  const [text, setText] = useState(file.text === '' ? EXAMPLE : file.text);
  const checked = useDeferredValue(text);
  const { data } = useQuery({
    queryKey: ['policy_check', checked],
    queryFn: () => call('policy.check', { text: checked }),
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: () => call('policy.replace', { text }),
    onSuccess: async (changed) => {
      await tookPolicy(changed);
      onDone();
    },
  });
  const [problem] = data?.problems ?? [];
  const error = problem && {
    message: `Line ${problem.line}, column ${problem.column}: ${problem.message}`,
  };
  return (
    <div className="flex flex-col gap-2">
      <Field label="policy.toml" error={error} hint="No error.">
        {(control) => (
          <Textarea
            {...control}
            rows={14}
            spellCheck={false}
            wrap="off"
            className="overflow-x-auto font-mono"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {save.error && <InlineError error={ApiError.from(save.error)} />}
      <div className="flex gap-2">
        <Button
          variant="primary"
          className="phone:h-11"
          disabled={save.isPending || problem !== undefined}
          onClick={() => save.mutate()}
        >
          Save
        </Button>
        <Button className="phone:h-11" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

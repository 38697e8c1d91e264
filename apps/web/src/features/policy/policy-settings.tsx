import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { Group } from '../settings/group.tsx';
import { PolicyProposals } from './policy-proposals.tsx';
import { policyQuery } from './policy-query.ts';
import { PolicyText } from './policy-text.tsx';
import { RuleList } from './rule-list.tsx';
import { TryCommand } from './try-command.tsx';

/** The rules for what agents and other programs do: listed, changed, tried, proposed. */
export function PolicySettings() {
  const { data, error } = useQuery(policyQuery);
  const [isTextShown, setIsTextShown] = useState(false);
  if (error)
    return (
      <DialogBody>
        <InlineError error={ApiError.from(error)} />
      </DialogBody>
    );
  if (!data)
    return (
      <DialogBody>
        <Skeleton className="h-40" />
      </DialogBody>
    );
  const isBroken = data.problems.length > 0;
  return (
    <DialogBody className="gap-6!">
      <Group
        title="Rules"
        note="Deny counts before ask, ask before allow. What no rule answers, the policy of the workspace does."
        aside={
          <Button size="small" className="phone:h-11" onClick={() => setIsTextShown(!isTextShown)}>
            {isTextShown ? 'Show the list' : 'Edit as text'}
          </Button>
        }
      >
        {isBroken && <Problems problems={data.problems} path={data.path} />}
        {isTextShown ? (
          <PolicyText key={data.text} file={data} onDone={() => setIsTextShown(false)} />
        ) : (
          !isBroken && <RuleList rules={data.rules} />
        )}
      </Group>
      <Group title="Try a command" note="How it would be judged now. Nothing runs.">
        <TryCommand />
      </Group>
      <PolicyProposals />
      <p className="text-small text-text-3">
        Rules are kept in <code className="wrap-anywhere">{data.path}</code>. They keep an honest agent from a
        rash step; what a program may touch at all, the sandbox says.
      </p>
    </DialogBody>
  );
}

interface ProblemsProps {
  readonly path: string;
  readonly problems: readonly { readonly line: number; readonly column: number; readonly message: string }[];
}

function Problems({ path, problems }: ProblemsProps) {
  return (
    <div role="alert" className="rounded-ui bg-failed-wash px-3 py-2">
      <p>
        The file of the rules cannot be used. Until it is mended, everything is asked, and what it denied
        before stays denied.
      </p>
      <code className="text-small wrap-anywhere text-text-2">{path}</code>
      <ul className="text-small text-text-2">
        {problems.map(({ line, column, message }) => (
          <li key={`${line}:${column}:${message}`} className="break-words">
            Line {line}, column {column}: {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

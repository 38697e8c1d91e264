import { commandText } from '@farhand/shared/model/command-text';
import type { Operation, OperationParameter } from '@farhand/shared/model/operations';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { parameterText } from './parameter-text.ts';
import { TryForm } from './try-form.tsx';

interface OperationRowProps {
  readonly operation: Operation;
  readonly onRun: () => void;
}

/** One operation, which a person can try. */
export function OperationRow({ operation, onRun }: OperationRowProps) {
  const [isTried, setIsTried] = useState(false);
  const { name, description, problem, parameters } = operation;
  return (
    <li className="flex flex-col gap-2 px-3 py-2" data-operation={name}>
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1 phone:basis-3/4">
          <p className="font-medium">{name}</p>
          {description && <p className="break-words text-text-2">{description}</p>}
          {problem === null ? (
            <p className="text-small break-words text-text-3">{factsOf(operation)}</p>
          ) : (
            <p className="break-words text-failed">It cannot be used: {problem}</p>
          )}
        </div>
        {problem === null && (
          <Button
            size="small"
            className="phone:h-11"
            aria-expanded={isTried}
            aria-label={`Try ${name}`}
            onClick={() => setIsTried(!isTried)}
          >
            {isTried ? 'Close' : 'Try…'}
          </Button>
        )}
      </div>
      {problem === null && (
        <code className="text-small break-words text-text-2">{commandText(operation.argv)}</code>
      )}
      {parameters.length > 0 && <Parameters parameters={parameters} />}
      {isTried && <TryForm operation={operation} onRun={onRun} />}
    </li>
  );
}

function Parameters({ parameters }: { readonly parameters: readonly OperationParameter[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-small">
      {parameters.map((parameter) => (
        <div key={parameter.name} className="contents">
          <dt className="font-mono text-text-2">{parameter.name}</dt>
          <dd className="min-w-0 break-words text-text-3">{parameterText(parameter)}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf({ host, isAsked, projects, agents, timeoutS }: Operation): string {
  return [
    host === 'workspace' ? 'in the workspace that asks' : `on ${host === 'local' ? 'this machine' : host}`,
    isAsked ? 'asks first' : 'runs unasked',
    `at most ${timeoutS} s`,
    projects && `projects: ${projects.join(', ')}`,
    agents && `agents: ${agents.join(', ')}`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

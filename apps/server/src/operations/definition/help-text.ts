import { commandText } from '@farhand/shared/model/command-text';
import type { Operation, OperationParameter } from '@farhand/shared/model/operations';

/** What an agent is told of the operations that it may ask for, one line each. */
export function listText(operations: readonly Operation[]): string {
  if (operations.length === 0) return 'There are no operations for you here.\n';
  return operations
    .map(({ name, description, parameters, isAsked, problem }) => {
      const words = parameters.map(usageOf).join(' ');
      const notes = [problem === null ? null : 'badly defined', isAsked ? 'a person is asked' : null];
      const note = notes.filter((one) => one !== null).join(', ');
      return [`${name} ${words}`.trim(), description, note === '' ? null : `(${note})`]
        .filter((part) => part !== null)
        .join('  ');
    })
    .join('\n')
    .concat('\n');
}

/** What one operation takes. */
export function helpText({ name, description, host, argv, parameters, isAsked, problem }: Operation): string {
  const lines = [
    `Usage: farhand-op ${[name, ...parameters.map(usageOf)].join(' ')}`,
    ...(description === null ? [] : ['', description]),
    ...(problem === null ? [] : ['', `It cannot be used: ${problem}`]),
    '',
    `Runs on: ${host === 'workspace' ? 'the host of this workspace' : host}`,
    `Command: ${commandText(argv)}`,
    ...(isAsked ? ['A person is asked before it runs.'] : []),
    ...(parameters.length === 0 ? [] : ['', 'Parameters:']),
    ...parameters.map(
      (one) => `  --${one.name}  ${takes(one)}${one.description ? `  ${one.description}` : ''}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const usageOf = ({ name, default: value }: OperationParameter): string => {
  const word = `--${name} <${name}>`;
  return value === null ? word : `[${word}]`;
};

function takes({ type, choices, pattern, min, max, default: value }: OperationParameter): string {
  const bounds = [min === null ? null : `at least ${min}`, max === null ? null : `at most ${max}`];
  const facts = [
    type === 'choice' ? `one of ${choices.join(', ')}` : type,
    ...bounds,
    pattern === null ? null : `fits ${pattern}`,
    value === null ? null : `else ${value}`,
  ];
  return facts.filter((fact) => fact !== null).join(', ');
}

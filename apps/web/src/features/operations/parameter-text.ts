import type { OperationParameter } from '@farhand/shared/model/operations';

const TYPES: Readonly<Record<OperationParameter['type'], string>> = {
  choice: 'one of',
  string: 'text',
  int: 'a whole number',
  path: 'a path',
  ref: 'a branch or tag',
};

/** What a parameter takes, in one line. */
export function parameterText({
  type,
  description,
  choices,
  pattern,
  min,
  max,
  default: value,
}: OperationParameter): string {
  const facts = [
    description,
    type === 'choice' ? `${TYPES.choice} ${choices.join(', ')}` : TYPES[type],
    min === null ? null : `at least ${min}`,
    max === null ? null : `at most ${max}`,
    pattern === null ? null : `fits ${pattern}`,
    value === null ? null : `${value} where it is not given`,
  ];
  return facts.filter((fact) => fact !== null).join('; ');
}

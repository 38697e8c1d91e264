import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ApprovalDecision, FormField } from '@farhand/shared/model/approvals';

type Values = Extract<ApprovalDecision, { kind: 'answered' }>['values'];
type Value = Values[string];

const LONGEST_TEXT = 100_000;

/** Throws `request.invalid`, naming the field, where the values do not fit the form. */
export function checkValues(fields: readonly FormField[], values: Values): void {
  const unknown = Object.keys(values).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) throw unfit(unknown.slice(0, 100), 'is not a field of this form');
  for (const field of fields) {
    const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    if (isEmpty && field.isRequired) throw unfit(field.title, 'has to be filled in');
    const problem = value === undefined || isEmpty ? null : problemOf(field, value);
    if (problem !== null) throw unfit(field.title, problem);
  }
}

function problemOf({ kind, choices }: FormField, value: Value): string | null {
  const isChoice = (one: unknown) => choices.some((choice) => choice.value === one);
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value.length <= LONGEST_TEXT ? null : 'has to be a text';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'has to be a number';
    case 'boolean':
      return typeof value === 'boolean' ? null : 'has to be yes or no';
    case 'choice':
      return isChoice(value) ? null : 'has to be one of its choices';
    case 'choices': {
      const isFit = Array.isArray(value) && value.every(isChoice) && new Set(value).size === value.length;
      return isFit ? null : 'has to be some of its choices, each once';
    }
  }
}

function unfit(field: string, problem: string): FarhandError {
  return new FarhandError('request.invalid', { message: `“${field}” ${problem}.`, details: { field } });
}

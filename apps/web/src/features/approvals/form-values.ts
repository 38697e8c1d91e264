import type { FormField } from '@farhand/shared/model/approvals';

/** What a person has put into a form so far; a number is kept as typed until it is sent. */
export type FormValues = Readonly<Record<string, string | boolean | readonly string[]>>;

type Answer = Record<string, string | number | boolean | string[]>;

/** A form as it is shown first. */
export function initialValues(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(fields.map((field) => [field.name, initialValue(field)]));
}

function initialValue({ kind, initial, choices }: FormField): FormValues[string] {
  if (kind === 'boolean') return initial === true;
  if (kind === 'choices')
    return Array.isArray(initial)
      ? initial.filter((value) => choices.some((choice) => choice.value === value))
      : [];
  if (kind === 'choice') return choices.some(({ value }) => value === initial) ? String(initial) : '';
  return typeof initial === 'string' || typeof initial === 'number' ? String(initial) : '';
}

/** The answer to send, or what is wrong by the name of the field. Fields left empty are left out. */
export function formAnswer(
  fields: readonly FormField[],
  values: FormValues,
): { readonly values: Answer } | { readonly problems: Readonly<Record<string, string>> } {
  const answer: Answer = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (isEmpty(value)) {
      if (field.isRequired) problems[field.name] = field.kind === 'text' ? 'Write something.' : 'Choose.';
      if (field.isRequired && field.kind === 'number') problems[field.name] = 'Write a number.';
      continue;
    }
    if (field.kind !== 'number') answer[field.name] = typeof value === 'object' ? [...value] : (value ?? '');
    else if (Number.isFinite(Number(value))) answer[field.name] = Number(value);
    else problems[field.name] = 'Write a number.';
  }
  return Object.keys(problems).length > 0 ? { problems } : { values: answer };
}

const isEmpty = (value: FormValues[string] | undefined) =>
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && value.length === 0);

import type { FormField } from '@farhand/shared/model/approvals';
import { describe, expect, it } from 'vitest';
import { formAnswer, initialValues } from './form-values.ts';

const field = (name: string, over: Partial<FormField>): FormField => ({
  name,
  title: name,
  description: null,
  kind: 'text',
  choices: [],
  isRequired: false,
  initial: null,
  ...over,
});
const COLOURS = [
  { value: 'r', name: 'Red' },
  { value: 'g', name: 'Green' },
];

describe('initialValues', () => {
  it('takes what fits the field, and nothing else', () => {
    const fields = [
      field('text', { initial: 'x' }),
      field('number', { kind: 'number', initial: 7 }),
      field('flag', { kind: 'boolean', initial: true }),
      field('one', { kind: 'choice', choices: COLOURS, initial: 'blue' }),
      field('some', { kind: 'choices', choices: COLOURS, initial: ['g', 'blue'] }),
    ];
    expect(initialValues(fields)).toEqual({ text: 'x', number: '7', flag: true, one: '', some: ['g'] });
  });
});

describe('formAnswer', () => {
  it('sends numbers as numbers and leaves out what was left empty', () => {
    const fields = [field('n', { kind: 'number' }), field('t', {}), field('flag', { kind: 'boolean' })];
    expect(formAnswer(fields, { n: '2.5', t: '  ', flag: false })).toEqual({
      values: { n: 2.5, flag: false },
    });
  });

  it('names every field that is wrong', () => {
    const fields = [
      field('t', { isRequired: true }),
      field('n', { kind: 'number' }),
      field('one', { kind: 'choice', choices: COLOURS, isRequired: true }),
      field('m', { kind: 'number', isRequired: true }),
    ];
    expect(formAnswer(fields, { t: '', n: 'many', one: '', m: '' })).toEqual({
      problems: { t: 'Write something.', n: 'Write a number.', one: 'Choose.', m: 'Write a number.' },
    });
  });
});

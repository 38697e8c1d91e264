import type { ElicitationContentValue, ElicitationSchema } from '@agentclientprotocol/sdk';
import type { FormField } from '@farhand/shared/model/approvals';
import { z } from 'zod';

const MOST_FIELDS = 50;
const MOST_CHOICES = 500;

const words = z.array(z.string()).max(MOST_CHOICES);
const titled = z.array(z.object({ const: z.string(), title: z.string().catch('') })).max(MOST_CHOICES);
const limit = z.number().nullish().catch(undefined);
const property = z.object({
  type: z.string(),
  title: z.string().nullish().catch(undefined),
  description: z.string().nullish().catch(undefined),
  default: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
    .nullish()
    .catch(undefined),
  enum: words.nullish().catch(undefined),
  oneOf: titled.nullish().catch(undefined),
  items: z
    .object({ enum: words.nullish().catch(undefined), anyOf: titled.nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
  minimum: limit,
  maximum: limit,
  minLength: limit,
  maxLength: limit,
  minItems: limit,
  maxItems: limit,
});
type Property = z.infer<typeof property>;
type Value = FormField['initial'];

/** One field with what its answer must be. */
export interface AskedField {
  readonly field: FormField;
  readonly property: Property;
}

/** The fields of a form, in the order of the schema; those of no known shape are asked for as text. */
export function fieldsOf({ properties, required }: ElicitationSchema): AskedField[] {
  const entries = Object.entries(properties ?? {}).slice(0, MOST_FIELDS);
  return entries.map(([name, given]) => {
    const shape = property.catch({ type: 'string' }).parse(given);
    const choices = choicesOf(shape);
    const field: FormField = {
      name,
      title: (shape.title ?? name).slice(0, 300),
      description: shape.description?.slice(0, 2000) ?? null,
      kind: kindOf(shape, choices.length > 0),
      choices,
      isRequired: required?.includes(name) ?? false,
      initial: shape.default ?? null,
    };
    return { field, property: shape };
  });
}

function kindOf({ type }: Property, hasChoices: boolean): FormField['kind'] {
  if (type === 'boolean') return 'boolean';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'array') return 'choices';
  return hasChoices ? 'choice' : 'text';
}

function choicesOf({ enum: plain, oneOf, items }: Property): FormField['choices'] {
  const named = oneOf ?? items?.anyOf;
  if (named) return named.map((one) => ({ value: one.const, name: one.title || one.const }));
  return (plain ?? items?.enum ?? []).map((value) => ({ value, name: value }));
}

/** The answer as the agent's schema wants it, or in one sentence what does not fit. */
export function contentOf(
  asked: readonly AskedField[],
  values: Readonly<Record<string, NonNullable<Value>>>,
): { content: Record<string, ElicitationContentValue> } | { fault: string } {
  const content = new Map<string, ElicitationContentValue>();
  for (const { field, property } of asked) {
    const given = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    if (given === undefined || (given === '' && field.kind !== 'text')) {
      if (field.isRequired) return { fault: `“${field.title}” is missing.` };
      continue;
    }
    const value = typed(field, property, given);
    if (value === null) return { fault: `“${field.title}” does not fit.` };
    content.set(field.name, value);
  }
  return { content: Object.fromEntries(content) };
}

function typed({ kind, choices }: FormField, property: Property, given: NonNullable<Value>) {
  switch (kind) {
    case 'boolean':
      return typeof given === 'boolean' ? given : null;
    case 'number':
      return numberOf(property, given);
    case 'choice':
      return typeof given === 'string' && choices.some(({ value }) => value === given) ? given : null;
    case 'choices':
      return listOf(property, choices, given);
    case 'text':
      return typeof given === 'string' && isWithin(given.length, property.minLength, property.maxLength)
        ? given
        : null;
  }
}

function numberOf({ type, minimum, maximum }: Property, given: NonNullable<Value>): number | null {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (type === 'integer' && !Number.isInteger(value)) return null;
  return isWithin(value, minimum, maximum) ? value : null;
}

function listOf(
  { minItems, maxItems }: Property,
  choices: FormField['choices'],
  given: NonNullable<Value>,
): string[] | null {
  if (!Array.isArray(given) || !isWithin(given.length, minItems, maxItems)) return null;
  const isKnown = (one: string) => choices.length === 0 || choices.some(({ value }) => value === one);
  return given.every(isKnown) ? given : null;
}

function isWithin(value: number, low: number | null | undefined, high: number | null | undefined): boolean {
  return value >= (low ?? Number.NEGATIVE_INFINITY) && value <= (high ?? Number.POSITIVE_INFINITY);
}

import { expect, it } from 'vitest';
import { z } from 'zod';
import { plainWords } from './plain-words.ts';

const wrong: [z.ZodType, unknown, string | undefined][] = [
  [z.string().min(1), '', 'must not be empty'],
  [z.string().min(2), 'a', 'must have at least 2 characters'],
  [z.string().max(2), 'abc', 'must have at most 2 characters'],
  [z.string(), undefined, 'is missing'],
  [z.string(), 7, 'must be a text'],
  [z.string().regex(/^a$/), 'secret', 'must have the form /^a$/'],
  [z.url(), 'secret', 'must be a URL'],
  [z.iso.datetime(), 'secret', 'must be a date and time, as 2026-01-31T12:00:00Z'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.int().min(3), 2, 'must be at least 3'],
  [z.int().min(1), 0, 'must be at least 1'],
  [z.number().positive(), 0, 'must be more than 0'],
  [z.number().max(5), 6, 'must be at most 5'],
  [z.boolean(), 'secret', 'must be true or false'],
  [z.array(z.string()).min(1), [], 'must not be empty'],
  [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entries'],
  [z.enum(['allow', 'ask']), 'secret', 'must be one of allow, ask'],
  [z.literal('x'), 1, 'must be x'],
  [z.record(z.string(), z.string()), [], 'must be a table of names and values'],
  [z.strictObject({}), { b: 1 }, 'does not know “b”'],
  [z.union([z.string(), z.number()]), {}, 'is nothing that it may be'],
  [z.string().min(1, 'Say a name.'), '', 'Say a name.'],
];

it.each(wrong)('says in plain words what is wrong with a value: %#', (schema, value, words) => {
  const { issues } = schema.safeParse(value, { error: plainWords }).error ?? { issues: [] };
  expect(issues.map(({ message }) => message)).toEqual([words]);
});

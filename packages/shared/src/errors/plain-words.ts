/** What zod says of a wrong value, in the words of our own errors: after the name of what is wrong and a colon. */
import { z } from 'zod';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** By what zod calls them. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a table of names and values',
  record: 'a table of names and values',
  null: 'null',
};

const FORMS: Readonly<Record<string, string>> = {
  url: 'a URL',
  email: 'an email address',
  datetime: 'a date and time, as 2026-01-31T12:00:00Z',
  date: 'a date, as 2026-01-31',
};

/** From now on in this program, wherever a schema has no words of its own. */
export function speakPlainly(): void {
  z.config({ customError: (issue) => plainWords(issue) });
}

/** Undefined where zod's own words have to do. Nothing of the value is repeated: it may be a secret. */
export function plainWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : must(KINDS[issue.expected]);
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (Number(issue.minimum) === 1 && issue.origin !== 'number' && issue.origin !== 'int')
        return 'must not be empty';
      return `must ${amount(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${amount(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'invalid_format':
      return must(FORMS[issue.format]) ?? (issue.pattern ? `must have the form ${issue.pattern}` : undefined);
    case 'unrecognized_keys':
      return `does not know ${issue.keys.map((key) => `“${key}”`).join(', ')}`;
    case 'invalid_union':
      return 'is nothing that it may be';
    default:
      return undefined;
  }
}

const must = (what: string | undefined) => (what === undefined ? undefined : `must be ${what}`);

function amount(origin: string, bound: string, count: number | bigint): string {
  if (origin === 'string') return `have ${bound} ${count} characters`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `have ${bound} ${count} entries`;
  return `be ${bound} ${count}`;
}

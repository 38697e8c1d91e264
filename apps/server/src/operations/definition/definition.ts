import type { Operation, OperationParameter } from '@farhand/shared/model/operations';
import { parameterType } from '@farhand/shared/model/operations';
import { z } from 'zod';
import { checkValue } from './values.ts';

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;
const PARAMETER_NAME = /^[a-z][a-z0-9_-]{0,31}$/;
/** A placeholder in a word; doubled braces stand for themselves. */
export const PLACEHOLDER = /\{\{|\}\}|\{([a-z][a-z0-9_-]*)\}/g;

const text = z.string().max(4096);
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

const parameterTable = z.strictObject({
  type: parameterType.default('string'),
  description: text.optional(),
  choices: z.array(text).min(1).optional(),
  pattern: text.optional(),
  min: z.number().int().optional(),
  max: z.number().int().optional(),
  default: z.union([text, z.number().int()]).optional(),
});

const operationTable = z.strictObject({
  description: text.optional(),
  host: z.string().min(1).max(255),
  argv: z.array(text).min(1, 'has to name a program').max(200),
  parameters: z.record(z.string(), parameterTable).default({}),
  ask: z.boolean().default(true),
  cwd: text.optional(),
  environment: z.record(z.string(), text).default({}),
  /** In seconds. */
  timeout: z.number().int().min(1).max(86_400).default(600),
  projects: z.array(text).optional(),
  agents: z.array(text).optional(),
});

/** The operations of a config file, by name; one that is badly defined comes with why, and cannot be used. */
export function readOperations(config: Readonly<Record<string, unknown>>): Operation[] {
  const tables = config.operations;
  if (tables === undefined) return [];
  if (typeof tables !== 'object' || tables === null || Array.isArray(tables))
    return [broken('operations', '`operations` has to be a table: write [operations.<name>].')];
  return Object.entries(tables)
    .map(([name, table]) => readOperation(name, table))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readOperation(name: string, table: unknown): Operation {
  if (!NAME.test(name))
    return broken(name, 'Its name has to be of small letters, digits, “-” and “_”, beginning with a letter.');
  const parsed = operationTable.safeParse(table);
  if (!parsed.success) return broken(name, issuesText(parsed.error));
  const { description, host, argv, ask, cwd, environment, timeout, projects, agents } = parsed.data;
  const parameters = Object.entries(parsed.data.parameters).map(([given, one]) => parameterOf(given, one));
  const operation: Operation = {
    name,
    description: description ?? null,
    host,
    argv,
    parameters,
    isAsked: ask,
    cwd: cwd ?? null,
    environment,
    timeoutS: timeout,
    projects: projects ?? null,
    agents: agents ?? null,
    problem: null,
  };
  return { ...operation, problem: problemOf(operation) };
}

function parameterOf(name: string, table: z.output<typeof parameterTable>): OperationParameter {
  const { type, description, choices, pattern, min, max } = table;
  return {
    name,
    type,
    description: description ?? null,
    choices: choices ?? [],
    pattern: pattern ?? null,
    min: min ?? null,
    max: max ?? null,
    default: table.default === undefined ? null : String(table.default),
  };
}

function problemOf({ argv, cwd, environment, parameters }: Operation): string | null {
  for (const parameter of parameters) {
    const problem = parameterProblem(parameter);
    if (problem !== null) return `The parameter ${parameter.name.slice(0, 40)} ${problem}`;
  }
  const misnamed = Object.keys(environment).find((name) => !VARIABLE.test(name));
  if (misnamed !== undefined) return `“${misnamed.slice(0, 40)}” is no name of a variable.`;
  const words = [...argv, ...Object.values(environment), cwd ?? ''];
  if (words.some((word) => word.includes('\0'))) return 'A word of it holds a NUL character.';
  const used = new Set(
    words.flatMap((word) => [...word.matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? [])),
  );
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = [...used].find((name) => !known.has(name));
  if (unknown !== undefined)
    return `It uses {${unknown}}, which is no parameter of it. Write {{${unknown}}} where the braces stand for themselves.`;
  const unused = [...known].find((name) => !used.has(name));
  if (unused !== undefined) return `The parameter ${unused} is used nowhere in argv, cwd or environment.`;
  const [program = ''] = argv;
  if (program === '') return 'The first word of argv has to name a program.';
  // What is asked for must not say which program it is.
  if (/\{[a-z]/.test(program.replaceAll('{{', '')))
    return 'The program, the first word of argv, cannot be a parameter.';
  return null;
}

function parameterProblem(parameter: OperationParameter): string | null {
  const { name, type, choices, pattern, min, max } = parameter;
  if (!PARAMETER_NAME.test(name)) return 'has a name that is not of small letters, digits, “-” and “_”.';
  if ((type === 'choice') !== choices.length > 0)
    return 'needs `choices` where it is a choice, and nowhere else.';
  if (type !== 'int' && (min !== null || max !== null)) return 'has `min` or `max`, and is no int.';
  if (pattern !== null && (type === 'choice' || type === 'int'))
    return 'takes no `pattern`, being of its type.';
  if (min !== null && max !== null && min > max) return 'has a `min` above its `max`.';
  try {
    // One that is none throws.
    if (pattern !== null) RegExp(pattern, 'u').test('');
  } catch (thrown) {
    return `has a pattern that is no regular expression: ${thrown instanceof Error ? thrown.message : ''}`;
  }
  if (parameter.default === null) return null;
  const wrong = checkValue(parameter, parameter.default);
  return wrong === null ? null : `has a default that does not fit: it ${wrong}`;
}

function issuesText(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `\`${path.join('.')}\`: ${message}`))
    .join('; ');
}

const broken = (name: string, problem: string): Operation => ({
  name: name.slice(0, 64),
  description: null,
  host: '',
  argv: [],
  parameters: [],
  isAsked: true,
  cwd: null,
  environment: {},
  timeoutS: 0,
  projects: null,
  agents: null,
  problem,
});

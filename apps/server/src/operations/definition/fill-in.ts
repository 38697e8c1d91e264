import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Operation } from '@farhand/shared/model/operations';
import { PLACEHOLDER } from './definition.ts';
import { checkValue } from './values.ts';

/** A command with all its words, ready to run. */
export interface FilledIn {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The operation's command with these values. A value is put into its word as it is and never read by a shell. Throws
 * `operation.invalid`, `operation.parameter_invalid`.
 */
export function fillIn(operation: Operation, given: ReadonlyMap<string, string>): FilledIn {
  const { name, problem, parameters } = operation;
  const details = { operation: name };
  if (problem !== null)
    throw new FarhandError('operation.invalid', {
      message: `The operation ${name} is not well defined: ${problem}`,
      details,
    });
  const refuse = (message: string) => new FarhandError('operation.parameter_invalid', { message, details });
  const unknown = [...given.keys()].find((key) => !parameters.some((one) => one.name === key));
  if (unknown !== undefined) throw refuse(`${name} has no parameter ${shown(unknown)}.`);
  const values = new Map<string, string>();
  for (const parameter of parameters) {
    const value = given.get(parameter.name) ?? parameter.default;
    if (value === null) throw refuse(`The parameter ${parameter.name} of ${name} has to be given.`);
    const wrong = checkValue(parameter, value);
    if (wrong !== null) throw refuse(`The parameter ${parameter.name} of ${name} does not fit: it ${wrong}`);
    values.set(parameter.name, value);
  }
  const fill = (word: string) =>
    word.replace(PLACEHOLDER, (whole, key: string | undefined) =>
      key === undefined ? whole.slice(1) : (values.get(key) ?? ''),
    );
  const [program = '', ...rest] = operation.argv;
  return {
    argv: [fill(program), ...rest.map(fill)],
    cwd: operation.cwd === null ? null : fill(operation.cwd),
    environment: Object.fromEntries(
      Object.entries(operation.environment).map(([key, value]) => [key, fill(value)]),
    ),
  };
}

/** What was typed, as far as it can be repeated in a message. */
const shown = (text: string) => `“${text.replaceAll(/[^\w.-]/g, '?').slice(0, 40)}”`;

/**
 * The values that words such as `--service web`, `--service=web` or `service=web` give. Throws
 * `operation.parameter_invalid` for words that are none of these, and for a name that comes twice.
 */
export function readWords(words: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  const refuse = (message: string) => new FarhandError('operation.parameter_invalid', { message });
  const put = (name: string, value: string) => {
    if (values.has(name)) throw refuse(`The parameter ${shown(name)} is given twice.`);
    values.set(name, value);
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, option, name, , value] = /^(--)?([a-z][a-z0-9_-]*)(=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined || (option === undefined && value === undefined))
      throw refuse(`The word ${shown(word)} is no parameter: write --name value, or name=value.`);
    if (value !== undefined) {
      put(name, value);
      continue;
    }
    at += 1;
    const next = words[at];
    if (next === undefined) throw refuse(`The parameter ${shown(name)} has no value.`);
    put(name, next);
  }
  return values;
}

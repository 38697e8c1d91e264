import { Script } from 'node:vm';
import type { OperationParameter } from '@farhand/shared/model/operations';

const LONGEST = 1000;
/** A pattern of the person's, on a value that is meant to make it slow. */
const PATTERN_MS = 50;

/** What is wrong with a value, as the end of a sentence that begins with “it”; null where it fits. */
export function checkValue(parameter: OperationParameter, value: string): string | null {
  const { type, choices, pattern } = parameter;
  if (value.length > LONGEST) return `is longer than ${LONGEST} characters.`;
  // Also where a pattern would let them pass: a line more is a command more in too many places.
  if (/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(value))
    return 'holds a line break or another character that cannot be seen.';
  if (type === 'choice') return choices.includes(value) ? null : `is none of: ${choices.join(', ')}.`;
  if (type === 'int') return checkNumber(parameter, value);
  if (pattern !== null && !fitsPattern(pattern, value)) return `does not fit its pattern ${pattern}`;
  if (type === 'ref') return checkRef(value);
  if (type === 'path') return checkPath(value, pattern !== null);
  if (pattern !== null) return null;
  if (value === '') return 'is empty.';
  return value.startsWith('-') ? 'begins with “-”, as an option does.' : null;
}

function checkNumber({ min, max }: OperationParameter, value: string): string | null {
  if (!/^(0|-?[1-9]\d{0,14})$/.test(value)) return 'is no whole number.';
  const number = Number(value);
  // Without a bound below zero a negative one is only an option in disguise.
  if (number < (min ?? 0)) return `is below ${min ?? 0}.`;
  return max !== null && number > max ? `is above ${max}.` : null;
}

// As `git check-ref-format`, and narrower.
function checkRef(value: string): string | null {
  const isName = /^[A-Za-z0-9_][\w./@+#-]*$/.test(value);
  const isBad = /\.\.|@\{|\/\/|\/\.|^@$|[./]$|\.lock(\/|$)/.test(value);
  return isName && !isBad ? null : 'is no name of a branch or tag.';
}

function checkPath(value: string, hasPattern: boolean): string | null {
  if (value === '') return 'is empty.';
  if (value.startsWith('-')) return 'begins with “-”, as an option does.';
  if (value.startsWith('~')) return 'begins with “~”, which no shell would read.';
  if (value.split('/').includes('..')) return 'goes to a parent folder.';
  return value.startsWith('/') && !hasPattern ? 'is absolute, which only a pattern can allow.' : null;
}

// In a context of its own, for only there a match that does not end can be ended.
function fitsPattern(pattern: string, value: string): boolean {
  const expression = JSON.stringify(`^(?:${pattern})$`);
  try {
    const script = new Script(`new RegExp(${expression}, 'u').test(${JSON.stringify(value)})`);
    return script.runInNewContext({}, { timeout: PATTERN_MS }) === true;
  } catch {
    return false;
  }
}

import type { CallFacts } from './tool-call-fields.ts';

const FIELDS = ['command', 'cmd', 'script'] as const;

/**
 * The command that a call's input names: a text as it is, or words as a shell takes them, with its `args`. Null where it
 * names none, and where its arguments cannot be read: what is not the whole command must not be shown as one.
 */
export function commandOf(rawInput: CallFacts['rawInput']): string | null {
  const args = fieldOf(rawInput, 'args') ?? [];
  if (!Array.isArray(args) || !args.every((word) => typeof word === 'string')) return null;
  for (const field of FIELDS) {
    const value = fieldOf(rawInput, field);
    const command =
      typeof value === 'string' && value.trim() !== ''
        ? [value]
        : isWords(value)
          ? value.map(shellWord)
          : null;
    if (command) return [...command, ...args.map(shellWord)].join(' ');
  }
  return null;
}

/** A field of what may be an object. */
function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
  return Reflect.get(value, field);
}

/** The first of these fields that holds a text. */
export function textField(value: unknown, ...fields: string[]): string | null {
  for (const field of fields) {
    const text = fieldOf(value, field);
    if (typeof text === 'string' && text !== '') return text;
  }
  return null;
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
}

/** A word as a person would write it in a shell. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

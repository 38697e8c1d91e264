/** Words that a shell itself understands: what they start is not to be seen from outside. */
const BUILTINS: ReadonlySet<string> = new Set([
  'cd',
  'command',
  'eval',
  'export',
  'if',
  'set',
  'umask',
  'ulimit',
]);

/** The program that a command starts with, where that is a plain word and so can be looked for; otherwise null. */
export function customProgram(command: string): string | null {
  const words = command.trim().split(/\s+/);
  const first = (words[0] === 'exec' ? words[1] : words[0]) ?? '';
  return /^[A-Za-z0-9_/][\w./+-]*$/.test(first) && !BUILTINS.has(first) ? first : null;
}

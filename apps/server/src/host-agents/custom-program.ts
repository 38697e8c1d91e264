/** The program that a command starts with, where that is a plain word and so can be looked for; otherwise null. */
export function customProgram(command: string): string | null {
  const first = command.trim().split(/\s/, 1)[0] ?? '';
  return /^[A-Za-z0-9_/][\w./+-]*$/.test(first) ? first : null;
}

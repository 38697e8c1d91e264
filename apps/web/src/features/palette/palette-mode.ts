/** What the palette looks for: workspaces, or after `>` commands, after `@` files, after `?` what was said and printed. */
export interface PaletteQuery {
  readonly mode: 'workspaces' | 'commands' | 'files' | 'search';
  /** Without the sign that chose the mode. */
  readonly text: string;
}

/** Reads what was typed into the palette. */
export function readQuery(typed: string): PaletteQuery {
  if (typed.startsWith('>')) return { mode: 'commands', text: typed.slice(1).trim() };
  if (typed.startsWith('@')) return { mode: 'files', text: typed.slice(1).trim() };
  if (typed.startsWith('?')) return { mode: 'search', text: typed.slice(1).trim() };
  return { mode: 'workspaces', text: typed.trim() };
}

/** True where every word of `text` is somewhere in `subject`. */
export function matches(subject: string, text: string): boolean {
  const lower = subject.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

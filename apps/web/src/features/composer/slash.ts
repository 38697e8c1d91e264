import type { AgentControls } from '@farhand/shared/model/agents';

export type SlashCommand = AgentControls['commands'][number];

/** What was typed after the `/` that a message begins with, up to the caret; null where that is no command. */
export function slashAt(text: string, caret: number): string | null {
  const typed = /^\/(\S{0,64})$/.exec(text.slice(0, caret));
  return typed?.[1] ?? null;
}

/** The commands that fit, best first: by the name's beginning, a part of it, its letters in order, the description. */
export function matchingCommands(commands: readonly SlashCommand[], query: string): readonly SlashCommand[] {
  const wanted = query.toLowerCase();
  return commands
    .map((command) => ({ command, rank: rank(command, wanted) }))
    .filter(({ rank: place }) => place < NO_MATCH)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ command }) => command);
}

const NO_MATCH = 4;

function rank({ name, description }: SlashCommand, wanted: string): number {
  const own = name.toLowerCase();
  if (own.startsWith(wanted)) return 0;
  if (own.includes(wanted)) return 1;
  if (hasInOrder(own, wanted)) return 2;
  return wanted.length > 2 && description.toLowerCase().includes(wanted) ? 3 : NO_MATCH;
}

function hasInOrder(name: string, wanted: string): boolean {
  let from = 0;
  for (const letter of wanted) {
    const found = name.indexOf(letter, from);
    if (found === -1) return false;
    from = found + 1;
  }
  return true;
}

/** The text with its beginning replaced by a command, and where the caret goes. */
export function completeSlash(text: string, query: string, name: string): { text: string; caret: number } {
  const rest = text.slice(1 + query.length);
  const word = `/${name}`;
  return { text: word + (/^\s/.test(rest) ? rest : ` ${rest}`), caret: word.length + 1 };
}

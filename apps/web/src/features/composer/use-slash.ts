import type { AgentControls } from '@farhand/shared/model/agents';
import { useMemo, useState } from 'react';
import { matchingCommands, type SlashCommand, slashAt } from './slash.ts';

/** What is offered for the `/` that a message begins with. */
interface SlashOffer {
  readonly query: string;
  readonly commands: readonly SlashCommand[];
  readonly active: number;
}

export interface Slash {
  readonly offer: SlashOffer | null;
  look(text: string, caret: number): void;
  move(step: 1 | -1): void;
  close(): void;
}

/** The agent's commands for what is being typed. */
export function useSlash(controls: AgentControls | undefined): Slash {
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const commands = controls?.commands;
  const found = useMemo(
    () => (query === null || !commands ? [] : matchingCommands(commands, query)),
    [commands, query],
  );
  return {
    offer:
      query !== null && found.length > 0
        ? { query, commands: found, active: Math.min(active, found.length - 1) }
        : null,
    look(text, caret) {
      const next = slashAt(text, caret);
      if (next === query) return;
      setQuery(next);
      setActive(0);
    },
    move: (step) => setActive((place) => (place + step + found.length) % Math.max(1, found.length)),
    close: () => setQuery(null),
  };
}

import type { AgentControls, AgentOption } from '@farhand/shared/model/agents';

/** Where the composer shows an agent's options. */
export interface ControlGroups {
  /** Beside the composer: model, effort and profile, one of each. */
  readonly direct: readonly AgentOption[];
  /** In the menu of the others. */
  readonly more: readonly AgentOption[];
}

const DIRECT = ['model', 'effort', 'profile'] as const;
// What agents call the same thing.
const SAME: Readonly<Record<string, (typeof DIRECT)[number]>> = {
  thought_level: 'effort',
  reasoning_effort: 'effort',
  reasoning: 'effort',
};

/** Options by their place. `hasOwnModels`: the page has its own list of models, and shows none of the agent. */
export function controlGroups(options: readonly AgentOption[], hasOwnModels: boolean): ControlGroups {
  const shown = options.filter((option) => !hasOwnModels || placeOf(option) !== 'model');
  const direct = DIRECT.flatMap((place) => shown.find((option) => placeOf(option) === place) ?? []);
  return { direct, more: shown.filter((option) => !direct.includes(option)) };
}

function placeOf({ id, category, choices }: AgentOption): string | null {
  if (choices.length === 0) return null;
  const name = category ?? id;
  return SAME[name] ?? name;
}

/** True for a mode in which the agent plans and changes nothing. */
export function isPlanMode({ modes, mode }: Pick<AgentControls, 'modes' | 'mode'>): boolean {
  if (mode === null) return false;
  const name = modes.find(({ id }) => id === mode)?.name ?? '';
  return /\bplan(?:ning)?\b/i.test(mode.replaceAll(/[_-]/g, ' ')) || /\bplan(?:ning)?\b/i.test(name);
}

/** Choices under their headings, in the order in which each was first named; null for those without one. */
export function byGroup<Choice extends { readonly group: string | null }>(
  choices: readonly Choice[],
): readonly { readonly group: string | null; readonly choices: readonly Choice[] }[] {
  const groups = [...new Set(choices.map(({ group }) => group))];
  return groups.map((group) => ({ group, choices: choices.filter((choice) => choice.group === group) }));
}

import { useEffect, useEffectEvent } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { CommandId } from './keymap.ts';

type Runs = Readonly<Partial<Record<CommandId, readonly (() => void)[]>>>;

/** Who answers each command now: the one registered last runs. */
const registry = createStore<{ readonly runs: Runs }>(() => ({ runs: {} }));

/** Lets `run` answer a command until the returned function is called; it goes before those registered earlier. */
export function registerCommand(id: CommandId, run: () => void): () => void {
  registry.setState(({ runs }) => ({ runs: { ...runs, [id]: [...(runs[id] ?? []), run] } }));
  return () =>
    registry.setState(({ runs }) => ({
      runs: { ...runs, [id]: (runs[id] ?? []).filter((other) => other !== run) },
    }));
}

/** Runs a command; false where nobody answers it now. */
export function runCommand(id: CommandId): boolean {
  const run = registry.getState().runs[id]?.at(-1);
  run?.();
  return run !== undefined;
}

/** The commands that somebody answers now. */
export function useAvailableCommands(): ReadonlySet<CommandId> {
  const runs = useStore(registry, (state) => state.runs);
  const ids = Object.entries(runs).filter(([, answers]) => answers.length > 0);
  return new Set(ids.map(([id]) => id as CommandId));
}

/** Answers a command while the component is mounted and `isEnabled`. */
export function useCommand(id: CommandId, run: () => void, isEnabled = true): void {
  const latest = useEffectEvent(run);
  useEffect(() => {
    if (!isEnabled) return;
    return registerCommand(id, () => latest());
  }, [id, isEnabled]);
}

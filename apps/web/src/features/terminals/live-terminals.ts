import type { TerminalId } from '@farhand/shared/model/ids';
import { stateStore } from '@/client/state-store.ts';
import { createLiveTerminal, type LiveTerminal } from './live-terminal.ts';
import { isOpenedHere } from './opened-here.ts';

// Each holds up to 10 MB of lines; those beyond are opened anew from what the server keeps.
const MOST_HIDDEN = 12;

const terminals = new Map<TerminalId, LiveTerminal>();

/** The page's one xterm for a terminal, made when first asked for. */
export function liveTerminal(id: TerminalId): LiveTerminal {
  const known = terminals.get(id);
  // The map's order is that of use: the longest unused go first.
  terminals.delete(id);
  const terminal = known ?? createLiveTerminal(id, isOpenedHere(id));
  terminals.set(id, terminal);
  if (!known) dropUnused();
  return terminal;
}

function dropUnused(): void {
  const hidden = [...terminals].slice(0, -1).filter(([, terminal]) => !terminal.isShown());
  for (const [id] of hidden.slice(0, Math.max(0, hidden.length - MOST_HIDDEN))) drop(id);
}

function drop(id: TerminalId): void {
  terminals.get(id)?.dispose();
  terminals.delete(id);
}

stateStore.subscribe((state, before) => {
  if (state.terminals === before.terminals) return;
  for (const id of terminals.keys()) if (id in before.terminals && !(id in state.terminals)) drop(id);
});

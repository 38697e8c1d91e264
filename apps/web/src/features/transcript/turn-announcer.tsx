import type { Row, TurnItem } from './rows.ts';

const WORDS: Readonly<Record<TurnItem['state'], string>> = {
  working: 'The agent is working.',
  done: 'The agent is done.',
  stopped: 'The agent was stopped.',
  failed: 'The turn failed.',
};

/** Tells a screen reader, politely, that a turn began or ended while the page was open. */
export function TurnAnnouncer({ rows }: { readonly rows: readonly Row[] }) {
  const last = rows.at(-1);
  // A live region speaks when its text changes, and is silent about the text that it begins with.
  return (
    <output aria-live="polite" className="sr-only">
      {last?.kind === 'turn' ? WORDS[last.turn.state] : ''}
    </output>
  );
}

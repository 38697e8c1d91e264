/** What became of proposals, as the agent that made them is told. */
import type { ProposalState } from '@farhand/shared/model/dry-run';
import { newId, type TurnId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { TranscriptWriter } from '../transcripts/transcripts.ts';
import type { ProposalRow } from './proposal-store.ts';

/** What a person decided since the agent was told last. */
export interface ProposalNews {
  /** For the agent, before what the person wrote; secrets redacted. */
  readonly text: string;
  /** The same for the person, in one line. */
  readonly shown: string;
  /** To be called in the transaction in which the agent's message is stored; called again it does nothing more. */
  markTold(): void;
}

type Decided = Extract<ProposalState, 'applied' | 'failed' | 'refused' | 'discarded'>;

const WORDS: Readonly<Record<Decided, string>> = {
  applied: 'applied',
  failed: 'failed',
  refused: 'not applied',
  discarded: 'discarded',
};
/** Lines of a note; what did not work comes before what did. */
const MOST_LISTED = 40;
const LONGEST_TITLE = 120;
const LONGEST_REASON = 300;

/** The states that an agent is told of. */
export const isDecided = (state: ProposalState): state is Decided => state in WORDS;

/** For rows that are decided, in the order of their numbers, at least one. `cover` redacts. */
export function newsText(rows: readonly ProposalRow[], cover: (text: string) => string): string {
  const weight = ({ state }: ProposalRow) => (state === 'failed' || state === 'refused' ? 0 : 1);
  const listed = rows
    .toSorted((a, b) => weight(a) - weight(b))
    .slice(0, MOST_LISTED)
    .toSorted((a, b) => a.number - b.number);
  const rest = rows.filter((row) => !listed.includes(row));
  const lines = [
    ...listed.map((row) => lineOf(row, cover)),
    ...(rest.length > 0 ? [`and ${rest.length} more: ${counts(rest)}`] : []),
  ];
  return `[Note of Farhand, not of the person: the person decided about what you proposed in the dry run.\n<proposals>\n${lines.join('\n')}\n</proposals>\nWhat is discarded or not applied was not done. Proposals that are not listed are as they were.]`;
}

/** The same in one line, by numbers alone. */
export const newsLine = (rows: readonly ProposalRow[]): string =>
  `Farhand told the agent what became of its proposals: ${counts(rows)}.`;

// It stands in a message with the person's role: nothing of an agent or a host may look like the end of the note.
function lineOf({ number, action, state, reason }: ProposalRow, cover: (text: string) => string): string {
  const clean = (text: string, longest: number) => {
    const line = cover(text)
      .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
      .replaceAll(/<(\/?proposals)/gi, '[$1')
      .trim();
    return line.length > longest ? `${line.slice(0, longest)}…` : line;
  };
  const what =
    action.kind === 'write'
      ? `write ${clean(action.path, LONGEST_TITLE)}`
      : `command “${clean(action.command, LONGEST_TITLE)}”`;
  const why = reason === null || state === 'applied' ? '' : `: ${clean(reason, LONGEST_REASON)}`;
  return `${number}. ${what}: ${isDecided(state) ? WORDS[state] : state}${why}`;
}

function counts(rows: readonly ProposalRow[]): string {
  const found = Object.entries(WORDS).flatMap(([state, word]) => {
    const { length } = rows.filter((row) => row.state === state);
    return length > 0 ? [`${length} ${word}`] : [];
  });
  return found.join(', ');
}

/** Shows it in the transcript, and stores with that what `store` does; it is told once, also by a server that is killed. */
export function tellNews(
  { transcript, turnId }: { transcript: TranscriptWriter; turnId: TurnId },
  news: ProposalNews,
  store: () => void,
): void {
  const stop = transcript.alongside(() => {
    store();
    news.markTold();
    return stop;
  });
  try {
    transcript.put(newsItem(turnId, news));
    transcript.flush();
  } finally {
    stop();
  }
}

/** Its line in the transcript. */
export function newsItem(turnId: TurnId, { shown }: ProposalNews): TranscriptItem {
  const at = new Date().toISOString();
  return { id: newId('item'), turnId, at, kind: 'notice', level: 'info', text: shown };
}

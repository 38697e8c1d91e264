import { stripVTControlCharacters } from 'node:util';
import type { ToolView, TranscriptItem } from '@farhand/shared/model/transcripts';

/** Of one item, in characters; a command that prints more is found by its beginning and its end. */
const LONGEST = { head: 48_000, tail: 16_000 };

/** The words by which an item is found; null for one that grows yet, and empty for one with none. */
export function itemText(item: TranscriptItem): string | null {
  const text = wordsOf(item);
  return text === null ? null : bounded(searchable(text));
}

/** Without escapes, and without the marks that stand around matches. */
export function searchable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\uE000\uE001\0]/g, ' ');
}

function wordsOf(item: TranscriptItem): string | null {
  switch (item.kind) {
    case 'user_message':
      return item.text;
    case 'text':
    case 'reasoning':
      return item.done ? item.text : null;
    case 'tool_call':
      return item.endedAt === null ? null : [item.title, viewText(item.view), item.output].join('\n');
    case 'plan':
      return item.entries.map((entry) => entry.text).join('\n');
    case 'approval':
      return item.title;
    case 'compaction':
      return item.summary;
    case 'notice':
      return item.text;
    case 'turn':
      return item.error?.message ?? '';
    case 'rewound':
    case 'discarded':
      return '';
  }
}

function viewText(view: ToolView | null): string {
  switch (view?.kind) {
    case 'command':
      return view.command;
    case 'diff':
      return `${view.path}\n${view.patch}`;
    case 'markdown':
      return view.text;
    case 'hits':
      return view.hits.map(({ path, text }) => `${path} ${text}`).join('\n');
    case 'several':
      return view.views.map(viewText).join('\n');
    default:
      return '';
  }
}

function bounded(text: string): string {
  if (text.length <= LONGEST.head + LONGEST.tail) return text;
  return `${text.slice(0, LONGEST.head)}\n${text.slice(-LONGEST.tail)}`;
}

import { stripVTControlCharacters } from 'node:util';
import type { SessionEvent, TranscriptItem } from '@farhand/shared/model/transcripts';
import { printable } from './terminal.ts';

/** Writes a transcript as it grows, each word once. */
export interface TranscriptPrinter {
  /** The text that these events add; empty where they add nothing to see. */
  add(events: readonly SessionEvent[]): string;
}

/** An item whose text has been written up to `written`, in UTF-16 units. */
interface Shown {
  item: TranscriptItem;
  written: number;
  isHeaded: boolean;
  isEnded: boolean;
}

export function createTranscriptPrinter(): TranscriptPrinter {
  const items = new Map<string, Shown>();
  let growing: string | null = null;

  const open = (id: string): string => {
    if (growing === id) return '';
    const before = growing === null ? '' : '\n';
    growing = id;
    return before;
  };
  const textOf = (shown: Shown): string => {
    const { item } = shown;
    const whole = growingText(item);
    if (whole === null || whole.length <= shown.written) return '';
    const fresh = whole.slice(shown.written);
    shown.written = whole.length;
    return open(item.id) + clean(fresh);
  };
  const lineOf = (shown: Shown, line: string | null): string => {
    if (line === null) return '';
    const before = growing === null ? '' : '\n';
    growing = null;
    shown.isEnded = isOver(shown.item);
    return `${before}${line}\n`;
  };
  const show = (shown: Shown): string => {
    const { item } = shown;
    if (growingText(item) !== null) return textOf(shown);
    const head = shown.isHeaded ? null : headOf(item);
    if (head !== null) shown.isHeaded = true;
    const headed = lineOf(shown, head);
    if (shown.written > 0 || !isOver(item)) return headed;
    const end = endOf(item);
    if (end !== null) shown.written = 1;
    return headed + lineOf(shown, end);
  };
  return {
    add(events) {
      let text = '';
      for (const event of events) {
        if ('item' in event) {
          const known = items.get(event.item.id);
          const shown = known ?? { item: event.item, written: 0, isHeaded: false, isEnded: false };
          shown.item = event.item;
          items.set(event.item.id, shown);
          text += show(shown);
          continue;
        }
        const known = items.get(event.append.itemId);
        if (known && event.append.field === 'text' && 'text' in known.item) {
          known.item = {
            ...known.item,
            text: known.item.text.slice(0, event.append.at) + event.append.text,
          } as TranscriptItem;
          text += show(known);
        }
      }
      return text;
    },
  };
}

const growingText = (item: TranscriptItem) => (item.kind === 'text' ? item.text : null);

function isOver(item: TranscriptItem): boolean {
  if (item.kind === 'tool_call' || item.kind === 'turn') return item.endedAt !== null;
  if (item.kind === 'approval') return item.decision !== null;
  return true;
}

function headOf(item: TranscriptItem): string | null {
  switch (item.kind) {
    case 'user_message':
      return `> ${clean(item.text).replaceAll('\n', '\n> ')}`;
    case 'tool_call':
      return `* ${printable(item.tool)}: ${printable(item.title)}`;
    case 'approval':
      return `? ${printable(item.title)}: waits for an answer, see \`farhand approvals\``;
    case 'notice':
      return `! ${printable(item.text)}`;
    case 'compaction':
      return '! What was before is now known to the model by a summary.';
    default:
      return null;
  }
}

function endOf(item: TranscriptItem): string | null {
  switch (item.kind) {
    case 'tool_call':
      return item.state === 'done' ? null : `* ${printable(item.title)}: ${item.state}`;
    case 'approval':
      return `? ${printable(item.title)}: ${item.decision?.kind ?? 'open'}`;
    case 'turn':
      return item.error === null ? null : `! ${printable(item.error.message)}`;
    default:
      return null;
  }
}

// Line ends stay; whatever else a terminal would act on goes.
function clean(text: string): string {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => printable(line.replaceAll('\t', '    ')))
    .join('\n');
}

import { isRedacted } from '../../redact.ts';
import { ToolFailure } from '../tool.ts';
import { closestLines } from './closest.ts';

export interface Replacement {
  readonly oldText: string;
  readonly newText: string;
  readonly isEvery: boolean;
  /** Covers secrets in what is shown of the file; cut lines could not be covered later. */
  readonly cover?: (text: string) => string;
}

/** Told of when a text is there too often. */
const MOST_LINES_NAMED = 20;

/**
 * The content with the text replaced, and how often. Line breaks stay of the file's own kind. Throws `ToolFailure` that
 * says where the text is instead, or the lines that come closest.
 */
export function replaceText(
  content: string,
  { oldText, newText, isEvery, cover = (text) => text }: Replacement,
): { content: string; count: number } {
  if (oldText === newText)
    throw new ToolFailure('old_text and new_text are the same: there is nothing to change.');
  const [wanted, replacement] = inFileBreaks(content, oldText, newText);
  const at = occurrences(content, wanted);
  if (at.length === 0 && isRedacted(oldText)) throw new ToolFailure(NOT_SHOWN);
  if (at.length === 0)
    throw new ToolFailure(`old_text is not in the file.\n${closestLines(cover(content), oldText)}`);
  if (at.length > 1 && !isEvery)
    throw new ToolFailure(
      `old_text is there ${at.length} times, at lines ${lineNumbers(content, at)}. ${NARROW}`,
    );
  return { content: content.split(wanted).join(replacement), count: at.length };
}

const NOT_SHOWN =
  '“[secret …]” stands for a value that is not shown. Leave it out of old_text and edit the text around it.';
const NARROW = 'Give more of the text around it, or set replace_all.';

// Models write LF; a file with CRLF keeps CRLF.
function inFileBreaks(content: string, oldText: string, newText: string): [string, string] {
  if (!content.includes('\r\n') || (content.includes(oldText) && oldText.includes('\r\n')))
    return [oldText, newText];
  const toCrlf = (text: string) => text.replace(/\r?\n/g, '\r\n');
  return [toCrlf(oldText), toCrlf(newText)];
}

function occurrences(content: string, wanted: string): number[] {
  const found: number[] = [];
  for (let at = content.indexOf(wanted); at !== -1; at = content.indexOf(wanted, at + wanted.length))
    found.push(at);
  return found;
}

function lineNumbers(content: string, offsets: readonly number[]): string {
  const named = offsets
    .slice(0, MOST_LINES_NAMED)
    .map((offset) => content.slice(0, offset).split('\n').length);
  return named.join(', ') + (offsets.length > MOST_LINES_NAMED ? ', …' : '');
}

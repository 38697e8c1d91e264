import { cutTo, MOST_CALL_TEXT, MOST_IMAGE } from './bounds.ts';
import { shownPath } from './shown-path.ts';
import type { ContentPart } from './tool-call-fields.ts';

const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** A picture as a data: URL; null for what a page does not show: another type, no base64, more than 8 MiB. */
export function imageUrl({ data, mimeType }: { data: string; mimeType: string }): string | null {
  const type = mimeType.toLowerCase();
  if (!IMAGE_TYPES.has(type) || data.length > MOST_IMAGE || data === '') return null;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(data) ? `data:${type};base64,${data}` : null;
}

/** A part of a message as Markdown. Pictures that can be shown are not for this. */
export function partText(part: ContentPart, directory: string): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      return `\n\n(A picture of type ${word(part.mimeType)} that cannot be shown.)\n\n`;
    case 'audio':
      return '\n\n(A sound that cannot be played here.)\n\n';
    case 'resource_link':
      return link(part.uri, part.title ?? part.name, directory);
    case 'resource':
      return 'text' in part.resource
        ? `\n\n${code(shownPath(directory, part.resource.uri))}\n\n${fenced(cutTo(part.resource.text, MOST_CALL_TEXT))}\n\n`
        : code(shownPath(directory, part.resource.uri));
  }
}

function link(uri: string, name: string, directory: string): string {
  const isWeb = /^https?:\/\/[^\s<>]+$/.test(uri);
  return isWeb ? `[${name.replace(/[\\[\]`<>]/g, '\\$&')}](<${uri}>)` : code(shownPath(directory, uri));
}

const word = (text: string) => text.replace(/[^\w/+.-]/g, '').slice(0, 60);

/** In Markdown's marks for code, whatever it holds. */
function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').slice(0, 1000);
  const fence = fenceFor(line, 1);
  return `${fence}${line.startsWith('`') ? ' ' : ''}${line}${line.endsWith('`') ? ' ' : ''}${fence}`;
}

function fenced(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}\n${text}\n${fence}`;
}

function fenceFor(text: string, least: number): string {
  let longest = least - 1;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return '`'.repeat(longest + 1);
}

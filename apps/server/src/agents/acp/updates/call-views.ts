import type { ToolView } from '@farhand/shared/model/transcripts';
import type { Redactor } from '../../../secrets/redactor.ts';
import { diffView } from '../../builtin/tools/text-file.ts';
import { cutTo, MOST_CALL_TEXT } from './bounds.ts';
import { imageUrl, partText } from './content-text.ts';
import { shownPath } from './shown-path.ts';
import type { CallContent } from './tool-call-fields.ts';

type OneView = Exclude<ToolView, { kind: 'several' }>;

/** Beyond this, lines are not even compared, in characters of both sides. */
const LONGEST_COMPARED = 4 * 1024 * 1024;
const MOST_VIEWS = 50;

/** For whom and where contents are shown. */
export interface Showing {
  readonly directory: string;
  readonly redactor: Redactor;
}

/** What a call's contents show, in order; neighbouring texts are one. Terminals show elsewhere. */
export function contentViews(contents: readonly CallContent[], showing: Showing): OneView[] {
  const views: OneView[] = [];
  let room = MOST_CALL_TEXT;
  for (const content of contents) {
    if (views.length >= MOST_VIEWS || room <= 0) {
      views.push({ kind: 'markdown', text: 'There is more than can be shown.' });
      break;
    }
    const view = viewOf(content, showing);
    if (view === null) continue;
    const shown = fitted(view, room);
    room -= sizeOf(shown);
    const last = views.at(-1);
    if (shown.kind === 'markdown' && last?.kind === 'markdown')
      views[views.length - 1] = { kind: 'markdown', text: `${last.text}\n\n${shown.text}` };
    else views.push(shown);
  }
  return views;
}

/** One under the other; null for none. */
export function joinViews(views: readonly OneView[]): ToolView | null {
  const [first] = views;
  if (first === undefined) return null;
  return views.length === 1 ? first : { kind: 'several', views: [...views] };
}

function viewOf(content: CallContent, showing: Showing): OneView | null {
  const { directory, redactor } = showing;
  if (content.type === 'terminal') return null;
  if (content.type === 'diff') return editView(content, showing);
  const part = content.content;
  if (part.type === 'image') {
    const url = imageUrl(part);
    if (url !== null) return { kind: 'image', path: shownPath(directory, part.uri ?? ''), url };
  }
  if (part.type === 'resource' && 'text' in part.resource) {
    const { uri, text } = part.resource;
    return { kind: 'file', path: shownPath(directory, uri), text: redactor.text(text), firstLine: 1 };
  }
  const text = redactor.text(partText(part, directory));
  return text.trim() === '' ? null : { kind: 'markdown', text };
}

/** One edit as a diff; where it is too large for that, words that say so. */
function editView(diff: Extract<CallContent, { type: 'diff' }>, { directory, redactor }: Showing): OneView {
  const path = shownPath(directory, diff.path);
  const [before, after] = [diff.oldText ?? '', diff.newText];
  if (before.length + after.length <= LONGEST_COMPARED) {
    const view = diffView(path, redactor.text(before), redactor.text(after));
    if (view?.kind === 'diff') return view;
  }
  const text = `The change of ${path} is too large to show: ${before.length} characters become ${after.length}.`;
  return { kind: 'markdown', text };
}

function fitted(view: OneView, room: number): OneView {
  if (view.kind === 'markdown' || view.kind === 'file') return { ...view, text: cutTo(view.text, room) };
  return view;
}

function sizeOf(view: OneView): number {
  if (view.kind === 'markdown' || view.kind === 'file') return view.text.length;
  return view.kind === 'diff' ? view.patch.length : 0;
}

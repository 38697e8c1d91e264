import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import { clipDeep } from '../../builtin/redact.ts';
import { cutTo, MOST_CALL_TEXT, mapTexts, oneLine } from './bounds.ts';
import { commandOf, textField } from './call-command.ts';
import { contentViews, joinViews, type Showing } from './call-views.ts';
import { shownPath } from './shown-path.ts';
import type { CallFacts } from './tool-call-fields.ts';

/** Long arguments are seen in the call's view. */
const SHOWN_ARGUMENT = 8 * 1024;
const MOST_INPUT = 64 * 1024;
const STATES = { pending: 'pending', in_progress: 'running', completed: 'done', failed: 'failed' } as const;

/** True once nothing more is expected of a call. */
export const isEnded = ({ state }: Pick<ToolCallItem, 'state'>): boolean =>
  state !== 'pending' && state !== 'running';

/** The item with what these facts say; what they do not say stays as it was. `news` is what was told just now: only what it changes is made anew. */
export function drawCall(
  item: ToolCallItem,
  { facts, news }: { readonly facts: CallFacts; readonly news: CallFacts },
  showing: Showing,
): ToolCallItem {
  const { directory, redactor } = showing;
  const drawn = { ...item, ...stateOf(item, facts) };
  if (facts.kind) drawn.toolKind = facts.kind;
  const name = facts.name ?? facts.kind;
  if (name) drawn.tool = redactor.text(oneLine(name, 100));
  if (facts.title) drawn.title = redactor.text(oneLine(titleOf(facts.title, facts, directory)));
  if (facts.locations && news.locations)
    drawn.locations = facts.locations.map(({ path, line }) => ({
      path: redactor.text(shownPath(directory, path).slice(0, 4096)),
      line: line ?? null,
    }));
  if (isTold(news.rawInput) && isTold(facts.rawInput)) drawn.input = shownInput(facts.rawInput, showing);
  if (news.content || news.kind || isTold(news.rawInput))
    drawn.view = viewOf(drawn, facts, showing) ?? item.view;
  if (isEnded(drawn)) drawn.result = resultOf(facts, showing) ?? item.result;
  return drawn;
}

const isTold = (value: unknown): boolean => value !== undefined && value !== null;

function stateOf(item: ToolCallItem, { status }: CallFacts): Partial<ToolCallItem> {
  const told = status ? STATES[status] : item.state;
  // A call that a person stopped may end well after all; that it “failed” then is only another word for it.
  const state = item.state === 'stopped' && told !== 'done' ? 'stopped' : told;
  const now = new Date().toISOString();
  return {
    state,
    // Some agents never say that a call began.
    startedAt: item.startedAt ?? (state === 'pending' ? null : isEnded({ state }) ? item.at : now),
    endedAt: isEnded({ state }) ? (item.endedAt ?? now) : null,
  };
}

// Many agents put the whole path in a title, some without its first slash; others name only their tool.
function titleOf(title: string, { locations }: CallFacts, directory: string): string {
  const [only, ...others] = locations ?? [];
  if (only && others.length === 0) {
    const shown = shownPath(directory, only.path);
    if (title === only.path.slice(1)) return shown;
    const [, bare] = /^(\w{1,40})(?: files?)?$/.exec(title) ?? [];
    if (bare) return `${bare} ${shown}`;
  }
  return title
    .slice(0, 4096)
    .replaceAll(`${directory}/`, '')
    .replaceAll(`${directory.slice(1)}/`, '');
}

function shownInput(rawInput: unknown, { redactor }: Showing): unknown {
  const clipped = clipDeep(
    mapTexts(rawInput, (text) => redactor.text(text)),
    SHOWN_ARGUMENT,
  );
  const json = JSON.stringify(clipped) ?? '';
  return json.length > MOST_INPUT ? cutTo(json, MOST_INPUT) : clipped;
}

function viewOf(item: ToolCallItem, facts: CallFacts, showing: Showing): ToolCallItem['view'] {
  const isCommand = item.toolKind === 'execute';
  const command = isCommand ? commandOf(facts.rawInput) : null;
  const contents = facts.content ?? [];
  const shown = isCommand ? contents.filter((content) => !isText(content)) : contents;
  const views = contentViews(shown, showing);
  return command === null
    ? joinViews(views)
    : joinViews([
        { kind: 'command', command: cutTo(showing.redactor.text(command), MOST_CALL_TEXT) },
        ...views,
      ]);
}

const isText = (content: NonNullable<CallFacts['content']>[number]) =>
  content.type === 'content' && content.content.type === 'text';

/** The texts of a call's contents, without the fence that some agents put around a command's output. */
export function textOf({ content }: CallFacts): string | null {
  const texts = (content ?? []).flatMap((one) =>
    one.type === 'content' && one.content.type === 'text' ? [one.content.text] : [],
  );
  if (texts.length === 0) return null;
  return texts.map(unfenced).join('\n');
}

function unfenced(text: string): string {
  if (text.length > MOST_CALL_TEXT) return text;
  return /^\s*(`{3,})\w*\n([\s\S]*?)\n?\1\s*$/.exec(text)?.[2] ?? text;
}

function resultOf(facts: CallFacts, { redactor }: Showing): string | null {
  const isChange = facts.content?.some(({ type }) => type === 'diff') === true;
  const text = textOf(facts) ?? rawText(facts.rawOutput, !isChange);
  return text === null ? null : cutTo(redactor.text(text), MOST_CALL_TEXT);
}

/** What a command wrote, as far as it is told with the call: by its contents, or at its end by what it gave back. */
export function outputOf(
  facts: CallFacts,
  { state, output }: Pick<ToolCallItem, 'state' | 'output'>,
): string | null {
  return textOf(facts) ?? (isEnded({ state }) && output === '' ? rawText(facts.rawOutput, false) : null);
}

// What some agents give back for a change is the change once more, as an object.
function rawText(raw: unknown, isWhole: boolean): string | null {
  if (raw === undefined || raw === null) return null;
  if (typeof raw === 'string') return raw;
  const inside = textField(raw, 'output', 'stdout', 'formatted_output', 'text', 'error');
  if (inside !== null || !isWhole) return inside;
  return JSON.stringify(
    mapTexts(raw, (text) => cutTo(text, MOST_CALL_TEXT)),
    null,
    2,
  );
}

import { posix } from 'node:path';
import type { ApprovalSubject } from '@farhand/shared/model/approvals';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { Redactor } from '../../../secrets/redactor.ts';
import { mapTexts } from '../updates/bounds.ts';
import { commandOf, textField } from '../updates/call-command.ts';
import { textOf } from '../updates/draw-call.ts';
import type { CallFacts } from '../updates/tool-call-fields.ts';
import { badRequest } from './errors.ts';
import type { ShownEdit } from './grants.ts';
import { digest } from './service-context.ts';

/** A question must be shown whole, in characters: a command, and any other as JSON. */
const MOST_COMMAND = 256 * 1024;
const MOST_SHOWN = 1024 * 1024;

/** Where a call says in which folder it runs. */
const CWD_FIELDS = ['cwd', 'workdir', 'working_directory', 'directory', 'dir_path'];

/** What an agent asks about, from all that it told of the call. */
export interface Asked {
  readonly subject: ApprovalSubject;
  readonly paths: readonly string[];
  /** Absolute, where the agent names another than the workspace. */
  readonly cwd: string | null;
  /** Nothing redacted. */
  readonly command: string | null;
  readonly edits: ShownEdit[];
}

/** Reads what a call would do. Throws where that is too much to be shown. */
export function askedOf(
  item: ToolCallItem,
  facts: CallFacts,
  { directory, redactor }: { readonly directory: string; readonly redactor: Redactor },
): Asked {
  const edits = (facts.content ?? []).flatMap((content) =>
    content.type === 'diff'
      ? [{ path: content.path, oldText: content.oldText ?? null, newText: content.newText }]
      : [],
  );
  const subject = subjectOf(item, facts, redactor);
  const isLongCommand = subject.kind === 'command' && subject.command.length > MOST_COMMAND;
  if (isLongCommand || JSON.stringify(subject).length > MOST_SHOWN)
    throw badRequest('What is asked about is too long to be shown.');
  const locations = facts.locations?.map(({ path }) => path) ?? item.locations?.map(({ path }) => path);
  const named = textField(facts.rawInput, 'file_path', 'filePath', 'abs_path', 'path');
  const cwd = textField(facts.rawInput, ...CWD_FIELDS);
  return {
    subject,
    paths: [...new Set([...(locations ?? []), ...edits.map(({ path }) => path), ...(named ? [named] : [])])],
    // A relative one is of the workspace: judged at its root, `..` would seem to stay inside.
    cwd: cwd === null ? null : posix.resolve(directory, cwd),
    command: commandOf(facts.rawInput),
    edits,
  };
}

function subjectOf(item: ToolCallItem, facts: CallFacts, redactor: Redactor): ApprovalSubject {
  const { toolKind } = item;
  if (toolKind === 'switch_mode') {
    const plan = textField(facts.rawInput, 'plan') ?? textOf(facts) ?? textField(item.input, 'plan');
    if (plan !== null) return { kind: 'plan', text: redactor.text(plan) };
  }
  const command = commandIn(item, facts, redactor);
  if (command !== null) return { kind: 'command', command };
  const files = patchesIn(item.view, facts);
  if (files !== null) return { kind: 'edit', files };
  if (toolKind === 'fetch') {
    const url = textField(facts.rawInput, 'url', 'uri') ?? textField(item.input, 'url', 'uri');
    if (url !== null) return { kind: 'fetch', url: redactor.text(url) };
  }
  const path = toolKind === 'read' ? item.locations?.[0]?.path : undefined;
  if (path !== undefined) return { kind: 'read', path };
  return { kind: 'tool', tool: item.tool, input: inputText(item, facts, redactor) };
}

function commandIn(item: ToolCallItem, { rawInput }: CallFacts, redactor: Redactor): string | null {
  const command = commandOf(rawInput);
  if (command !== null) return redactor.text(command);
  const shown = viewsOf(item.view).find((view) => view.kind === 'command');
  if (shown) return shown.command;
  return item.toolKind === 'execute' && isNothing(rawInput) && isNothing(item.input) ? item.title : null;
}

// Null where they are not all that would change: too large for a diff, or too many.
function patchesIn(
  view: ToolCallItem['view'],
  { content }: CallFacts,
): { path: string; patch: string }[] | null {
  const views = viewsOf(view);
  const files = views.flatMap((one) => (one.kind === 'diff' ? [{ path: one.path, patch: one.patch }] : []));
  const expected = content ? content.filter(({ type }) => type === 'diff').length : views.length;
  return files.length > 0 && files.length === expected ? files : null;
}

function viewsOf(view: ToolCallItem['view']) {
  if (view === null) return [];
  return view.kind === 'several' ? view.views : [view];
}

function inputText(item: ToolCallItem, facts: CallFacts, redactor: Redactor): string {
  const raw = isNothing(facts.rawInput)
    ? item.input
    : mapTexts(facts.rawInput, (text) => redactor.text(text));
  // A change too large for a diff is still bound to what it is.
  const changes = (facts.content ?? []).flatMap((content) =>
    content.type === 'diff'
      ? [{ path: content.path, characters: content.newText.length, sha256: digest(content.newText) }]
      : [],
  );
  const said = isNothing(raw) ? { call: item.title } : raw;
  return JSON.stringify(changes.length > 0 ? { input: said, changes } : said, null, 2);
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

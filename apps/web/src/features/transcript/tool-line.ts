import type { Exit } from '@farhand/shared/model/terminals';
import type { ToolCallItem, ToolKind } from '@farhand/shared/model/transcripts';
import { elapsedMs, formatDuration } from './amounts.ts';

/** What the one line of a folded tool call says. */
export interface ToolLine {
  readonly icon: ToolIcon;
  /** The verb: present tense while it runs, past tense after. */
  readonly what: string;
  /** The command, file or pattern. */
  readonly where: string;
  /** Null until it has begun. */
  readonly duration: string | null;
  readonly status: ToolStatus | null;
}

export type ToolIcon =
  | 'command'
  | 'read'
  | 'write'
  | 'edit'
  | 'delete'
  | 'move'
  | 'list'
  | 'search'
  | 'fetch'
  | 'think'
  | 'mode'
  | 'agent'
  | 'todo'
  | 'other';

/** `tone` says how it is drawn; the label says it in words. */
export interface ToolStatus {
  readonly label: string;
  readonly tone: 'good' | 'bad' | 'quiet' | 'lost';
}

interface ToolWords {
  readonly icon: ToolIcon;
  readonly doing: string;
  readonly did: string;
}

const TOOLS: Readonly<Record<string, ToolWords>> = {
  bash: { icon: 'command', doing: 'Running', did: 'Ran' },
  read_file: { icon: 'read', doing: 'Reading', did: 'Read' },
  write_file: { icon: 'write', doing: 'Writing', did: 'Wrote' },
  edit_file: { icon: 'edit', doing: 'Editing', did: 'Edited' },
  list_files: { icon: 'list', doing: 'Listing', did: 'Listed' },
  search: { icon: 'search', doing: 'Searching', did: 'Searched' },
  todo: { icon: 'todo', doing: 'Planning', did: 'Planned' },
};

// Of agents whose tools have names of their own: what the call does says how it is told.
const KINDS: Readonly<Record<Exclude<ToolKind, 'other'>, ToolWords>> = {
  execute: { icon: 'command', doing: 'Running', did: 'Ran' },
  read: { icon: 'read', doing: 'Reading', did: 'Read' },
  edit: { icon: 'edit', doing: 'Editing', did: 'Edited' },
  delete: { icon: 'delete', doing: 'Deleting', did: 'Deleted' },
  move: { icon: 'move', doing: 'Moving', did: 'Moved' },
  search: { icon: 'search', doing: 'Searching', did: 'Searched' },
  fetch: { icon: 'fetch', doing: 'Fetching', did: 'Fetched' },
  think: { icon: 'think', doing: 'Thinking', did: 'Thought' },
  switch_mode: { icon: 'mode', doing: 'Changing mode', did: 'Changed mode' },
};

function toolWords({ tool, toolKind, childSessionId }: ToolCallItem): ToolWords {
  if (childSessionId) return { icon: 'agent', doing: 'Delegating', did: 'Delegated' };
  if (toolKind && toolKind !== 'other') return KINDS[toolKind];
  return TOOLS[tool] ?? { icon: 'other', doing: tool, did: tool };
}

/** True while the call is not over. */
export function isOpen(call: ToolCallItem): boolean {
  return call.state === 'pending' || call.state === 'running';
}

/**
 * The folded line of a tool call at the time `now` (ms since the epoch); `isContactLost` where its host is out of
 * contact, so that nobody knows how it stands.
 */
export function toolLine(call: ToolCallItem, now: number, isContactLost = false): ToolLine {
  const tool = toolWords(call);
  const elapsed = elapsedMs(call.startedAt, call.endedAt, now);
  return {
    icon: tool.icon,
    what: isOpen(call) ? tool.doing : tool.did,
    where: whereText(call),
    duration: elapsed === null ? null : formatDuration(elapsed),
    status: isContactLost && call.state === 'running' ? NO_CONTACT : toolStatus(call),
  };
}

// Agents often put the verb into their titles too: `Read src/a.ts` stands after “Read” as `src/a.ts`.
const LEADING_VERB =
  /^(?:read|reading|edit|editing|write|writing|delete|deleting|move|moving|search|searching|fetch|fetching|run|running|execute|executing)\s+(?=\S)/i;

function whereText({ title, toolKind }: ToolCallItem): string {
  const text = title.replace(/\s+/g, ' ').trim();
  if (!toolKind || toolKind === 'other') return text;
  return text.replace(LEADING_VERB, '').replace(/^`([^`]+)`$/, '$1');
}

const NO_CONTACT: ToolStatus = { label: 'no contact, it runs on', tone: 'lost' };

function toolStatus(call: ToolCallItem): ToolStatus | null {
  if (call.state === 'pending') return { label: 'waiting', tone: 'quiet' };
  if (call.state === 'running') return null;
  if (call.state === 'stopped') return { label: 'stopped', tone: 'quiet' };
  const ended = call.exit && exitStatus(call.exit);
  if (ended && ended.tone === 'bad') return ended;
  return call.state === 'failed' ? { label: 'failed', tone: 'bad' } : ended;
}

/** How a program ended, in words: `exit 0`, `SIGTERM`, `end not known`. */
export function exitStatus(exit: Exit): ToolStatus {
  if (exit.kind === 'lost') return { label: 'end not known', tone: 'bad' };
  if (exit.kind === 'rebooted') return { label: 'ended by the host’s reboot', tone: 'bad' };
  if (exit.kind === 'signaled') return { label: exit.signal, tone: 'bad' };
  return { label: `exit ${exit.code}`, tone: exit.code === 0 ? 'good' : 'bad' };
}

import type { Exit } from '@farhand/shared/model/terminals';
import type { ToolCallItem, ToolKind } from '@farhand/shared/model/transcripts';
import { elapsedMs, formatDuration } from './amounts.ts';

/** What the one line of a folded tool call says. */
export interface ToolLine {
  readonly icon: ToolIcon;
  /** The verb: bare while it waits, present tense while it runs, past tense after. */
  readonly what: string;
  /** The command, file or pattern; empty where the verb says it all. */
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
  /** While it waits, as for an answer. */
  readonly will: string;
  readonly doing: string;
  readonly did: string;
}

const TOOLS: Readonly<Record<string, ToolWords>> = {
  bash: { icon: 'command', will: 'Run', doing: 'Running', did: 'Ran' },
  read_file: { icon: 'read', will: 'Read', doing: 'Reading', did: 'Read' },
  write_file: { icon: 'write', will: 'Write', doing: 'Writing', did: 'Wrote' },
  edit_file: { icon: 'edit', will: 'Edit', doing: 'Editing', did: 'Edited' },
  list_files: { icon: 'list', will: 'List', doing: 'Listing', did: 'Listed' },
  search: { icon: 'search', will: 'Search', doing: 'Searching', did: 'Searched' },
  todo: { icon: 'todo', will: 'Plan', doing: 'Planning', did: 'Planned' },
  exit_plan: { icon: 'todo', will: 'Plan', doing: 'Plan', did: 'Plan' },
  read_output: { icon: 'read', will: 'Read output of', doing: 'Reading output of', did: 'Read output of' },
  stop_job: { icon: 'command', will: 'Stop', doing: 'Stopping', did: 'Stopped' },
};

// Of agents whose tools have names of their own: what the call does says how it is told.
const KINDS: Readonly<Record<Exclude<ToolKind, 'other'>, ToolWords>> = {
  execute: { icon: 'command', will: 'Run', doing: 'Running', did: 'Ran' },
  read: { icon: 'read', will: 'Read', doing: 'Reading', did: 'Read' },
  edit: { icon: 'edit', will: 'Edit', doing: 'Editing', did: 'Edited' },
  delete: { icon: 'delete', will: 'Delete', doing: 'Deleting', did: 'Deleted' },
  move: { icon: 'move', will: 'Move', doing: 'Moving', did: 'Moved' },
  search: { icon: 'search', will: 'Search', doing: 'Searching', did: 'Searched' },
  fetch: { icon: 'fetch', will: 'Fetch', doing: 'Fetching', did: 'Fetched' },
  think: { icon: 'think', will: 'Think', doing: 'Thinking', did: 'Thought' },
  switch_mode: { icon: 'mode', will: 'Change mode', doing: 'Changing mode', did: 'Changed mode' },
};

function toolWords(call: ToolCallItem): ToolWords {
  const words = doneWords(call);
  // In a dry run nothing was done.
  return call.proposal === undefined
    ? words
    : { ...words, did: `Proposed (${call.proposal}): ${words.will.toLowerCase()}` };
}

function doneWords({ tool, toolKind, childSessionId }: ToolCallItem): ToolWords {
  if (childSessionId) return { icon: 'agent', will: 'Delegate', doing: 'Delegating', did: 'Delegated' };
  if (toolKind && toolKind !== 'other') return KINDS[toolKind];
  // The server's name is in the title.
  if (tool.startsWith('mcp__')) return { icon: 'other', will: 'Use', doing: 'Using', did: 'Used' };
  return TOOLS[tool] ?? { icon: 'other', will: tool, doing: tool, did: tool };
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
  const what = call.state === 'pending' ? tool.will : isOpen(call) ? tool.doing : tool.did;
  const where = whereText(call);
  const elapsed = elapsedMs(call.startedAt, call.endedAt, now);
  return {
    icon: tool.icon,
    what,
    // A tool that is told by its own name has nothing to add.
    where: where === what ? '' : where,
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

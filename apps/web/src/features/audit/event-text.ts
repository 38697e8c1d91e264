import type { Actor, AuditEvent, AuditKind } from '@farhand/shared/model/audit';
import { formatBytes } from '../../client/bytes.ts';
import { visibleText } from '../approvals/visible-text.ts';

/** What a kind of event is called. */
export const KIND_NAMES: Readonly<Record<AuditKind, string>> = {
  connection: 'Connection',
  command: 'Command',
  exit: 'Exit',
  file: 'File',
  secret: 'Secret',
  decision: 'Decision',
  sign_in: 'Sign-in',
  override: 'Override',
  setting: 'Setting',
  cut: 'Cut',
  damage: 'Damage',
};

/** What is behind a kind, where its name alone does not say it. */
export const KIND_NOTES: Readonly<Partial<Record<AuditKind, string>>> = {
  connection: 'Hosts connected, lost and refused',
  exit: 'How commands ended, with what they wrote',
  file: 'Files written, rewound and removed',
  secret: 'Secrets given to jobs and changed, by name only',
  decision: 'Questions answered, by a person or by a rule',
  override: 'What a person switched off: a sandbox, the questions of agents',
  setting: 'Changes of settings, rules, hosts and tokens',
  cut: 'Old events removed by age, and old outputs for their limit',
  damage: 'What was found to be changed or missing',
};

export const KINDS = Object.keys(KIND_NAMES) as AuditKind[];

/** Kinds of actors as they are chosen. */
export const ACTORS = [
  { value: 'page', label: 'A person in the page' },
  { value: 'cli', label: 'A person by the CLI' },
  { value: 'agent', label: 'An agent' },
  { value: 'token', label: 'A program with a token' },
  { value: 'server', label: 'Farhand itself' },
] as const;

const ACTOR_NAMES: Readonly<Record<Actor['kind'], string>> = {
  page: 'Person, page',
  cli: 'Person, CLI',
  token: 'Token',
  agent: 'Agent',
  server: 'Farhand',
};

/** Who did it, in a few words. */
export function actorText({ kind, name }: Actor): string {
  return name === null ? ACTOR_NAMES[kind] : `${ACTOR_NAMES[kind]} ${visibleText(name)}`;
}

/** Good, bad or neither, as colour says it too. */
export function toneOf({ kind, facts }: Pick<AuditEvent, 'kind' | 'facts'>): 'good' | 'bad' | 'plain' {
  if (kind === 'damage' || kind === 'override') return 'bad';
  if (kind === 'exit' && facts.end === 'removed') return 'plain';
  if (kind === 'exit') return facts.code === 0 ? 'good' : 'bad';
  if (kind === 'decision' && typeof facts.decision === 'string')
    return facts.decision.startsWith('den') ? 'bad' : 'plain';
  return 'plain';
}

/** One fact of an event: its name in words, and its value as text of any length. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly isCode: boolean;
}

const NAMES: Readonly<Record<string, string>> = {
  argv: 'Arguments',
  script: 'Script',
  cwd: 'Folder',
  user: 'User on the host',
  for: 'Started for',
  jobId: 'Job',
  rule: 'Rule',
  approvalId: 'Approval',
  end: 'End',
  code: 'Status',
  signal: 'Signal',
  why: 'Why',
  keptBytes: 'Kept of its output',
  sizeBytes: 'Size',
  sha256: 'SHA-256',
  path: 'Path',
  command: 'Started by event',
  variables: 'Variables given',
  outputProblem: 'Output not kept',
  outputsUpTo: 'Outputs removed up to event',
  freedBytes: 'Freed',
  maxOutputBytes: 'Limit of outputs',
};

// Said elsewhere in the drawer, or of no use to a person.
const UNSHOWN = new Set(['isStream', 'isOutputCut', 'sandboxed']);

/** What is known of an event, in the order of use. */
export function factsOf({ facts }: Pick<AuditEvent, 'facts'>): Fact[] {
  const order = Object.keys(NAMES);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(facts)
    .filter(([name, value]) => value !== null && !UNSHOWN.has(name))
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([name, value]) => ({
      name: name === 'command' && typeof value === 'string' ? 'Command' : (NAMES[name] ?? wordsOf(name)),
      value: valueText(name, value),
      isCode:
        typeof value === 'object' ||
        ['script', 'cwd', 'path', 'sha256', 'jobId', 'approvalId'].includes(name),
    }));
}

function valueText(name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('Bytes')) return formatBytes(value);
  if (name === 'argv' && Array.isArray(value)) return value.map((one) => visibleText(String(one))).join('\n');
  return visibleText(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}

// `isRecursive` is read as “Is recursive”.
function wordsOf(name: string): string {
  const words = name
    .replaceAll(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase();
  return visibleText(words.charAt(0).toUpperCase() + words.slice(1));
}

/** When, in this browser's time, as long as a row has room for. */
export function timeText(at: string, now: Date): string {
  const when = new Date(at);
  const time = when.toLocaleTimeString(undefined, { hour12: false });
  if (when.toDateString() === now.toDateString()) return time;
  return `${when.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })} ${time}`;
}

import type { AuditKind } from '@farhand/shared/model/audit';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Command, ExecOutcome, Runtime } from '@farhand/shared/runtime/port';
import type { JobUse } from '../../protection/job-use.ts';
import type { ProtectedPlace } from '../../protection/protect.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import type { AuditEntry } from '../audit.ts';

/** Where something is done: in a workspace, or on a host outside of all (null). */
export interface AuditPlace extends Omit<ProtectedPlace, 'workspaceId'> {
  readonly workspaceId: ProtectedPlace['workspaceId'] | null;
}

/** Where something is done, and what for. */
export interface RecordedPlace {
  readonly runtime: Runtime;
  readonly place: AuditPlace;
  readonly use: JobUse;
}

/** How something ended: also that it was taken away while it may have run, never began, or was lost sight of. */
export type End =
  | Exit
  | ExecOutcome
  | { readonly kind: 'removed' }
  | { readonly kind: 'not_started' | 'not_known'; readonly why: string };

/** What was kept of what it wrote, for `facts`. */
interface OutputFacts {
  readonly keptBytes: number;
  /** More was written than is kept. */
  readonly isOutputCut: boolean;
  readonly outputProblem: string | null;
}

/** An entry of this place and use. */
export function entryAt(
  { place, use }: RecordedPlace,
  entry: { kind: AuditKind } & Pick<AuditEntry, 'summary' | 'facts'> & Partial<Pick<AuditEntry, 'output'>>,
): AuditEntry {
  const { hostId, workspaceId } = place;
  return { actor: use.by, hostId, workspaceId, sessionId: use.sessionId, output: null, ...entry };
}

/** A command as it is put on record: `argv` or `script`, secrets covered. */
export function commandFacts(command: Command, redactor: Redactor): AuditEntry['facts'] {
  if ('script' in command) return { script: redactor.text(command.script) };
  return { argv: command.argv.map((argument) => redactor.text(argument)) };
}

/** In one line. */
export function commandText(command: Command, redactor: Redactor): string {
  if ('script' in command) return redactor.text(command.script).trim();
  return command.argv.map((argument) => shown(redactor.text(argument))).join(' ');
}

const PLAIN = /^[\w@%+=:,./[\]-]+$/;
const shown = (text: string) => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** `command` is the number of the event that told of its start; null where that is not on record. */
export function exitEntry(
  at: RecordedPlace,
  end: End,
  { command, jobId, title, output, kept }: ExitFacts,
): AuditEntry {
  return entryAt(at, {
    kind: 'exit',
    summary: `${endText(end)}: ${title}`,
    facts: {
      command,
      ...(jobId && { jobId }),
      ...endFacts(end),
      ...(kept && { ...kept }),
    },
    output,
  });
}

interface ExitFacts {
  readonly command: number | null;
  readonly jobId: string | null;
  readonly title: string;
  readonly output: string | null;
  readonly kept: OutputFacts | null;
}

function endFacts(end: End): AuditEntry['facts'] {
  const { kind: how } = end;
  if (how === 'exited') return { end: how, code: end.code };
  if (how === 'signaled') return { end: how, signal: end.signal };
  if (how === 'not_started' || how === 'not_known') return { end: how, why: end.why };
  return { end: how };
}

const WORDS = {
  rebooted: 'Ended by a reboot',
  lost: 'Ended without a status',
  cancelled: 'Cancelled',
  timed_out: 'Ended after its time limit',
  removed: 'Removed',
  not_started: 'Not started',
  not_known: 'Its end is not known',
} as const;

function endText(end: End): string {
  if (end.kind === 'exited') return `Exited with ${end.code}`;
  if (end.kind === 'signaled') return `Ended by ${end.signal}`;
  return WORDS[end.kind];
}

/** Who it runs as, where that is known without asking the host. */
export async function knownUser(runtime: Runtime): Promise<string | null> {
  if (runtime.connection().state !== 'connected') return null;
  // Asked once per connection: an answer that is there comes before the next turn of the event loop.
  const known = runtime.facts().then(
    ({ user }) => user,
    () => null,
  );
  return Promise.race([known, new Promise<null>((resolve) => setImmediate(resolve, null))]);
}

/** The name of the sandbox that counts in a workspace for a use. */
export type SandboxOf = (
  place: Pick<AuditPlace, 'workspaceId'>,
  use: Pick<JobUse, 'sessionId' | 'profile'>,
) => string;

/** The sandbox it runs in, for `facts`. */
export function sandboxFacts(
  { sandboxOf }: { readonly sandboxOf?: SandboxOf },
  { place: { workspaceId }, use }: RecordedPlace,
): AuditEntry['facts'] {
  return sandboxOf ? { sandbox: sandboxOf({ workspaceId }, use) } : {};
}

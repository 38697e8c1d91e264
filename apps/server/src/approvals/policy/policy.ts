import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { ApprovalPolicy, ApprovalSubject } from '@farhand/shared/model/approvals';
import { isRedacted } from '../../agents/builtin/redact.ts';
import type { Judged, Judgement } from '../../policy/policy.ts';
import type { ShellCommands } from '../../policy/shell/shell-commands.ts';
import { commandSteps, unresolved } from './command-steps.ts';
import { firstPlace } from './judge-command.ts';
import { patternOf } from './patterns.ts';
import { isInside, isSensitive } from './places.ts';
import { readPlainShell } from './plain-shell.ts';
import { changes, leaves, named, reads, type Verdict, worst } from './verdict.ts';

/** How the text of a command is read. */
export type ReadShell = (text: string) => ShellCommands;

/**
 * Whether this is asked under the policy, given the patterns that a person allowed. Each policy asks for all that the
 * next asks for. It reads texts and looks at nothing on the host, so it is a help and not a boundary.
 */
export function judge(
  judged: Judged,
  policy: ApprovalPolicy,
  patterns: readonly string[],
  read: ReadShell = readPlainShell,
): Judgement {
  const { subject } = judged;
  if (isAlwaysAsked(subject))
    return { kind: 'ask', why: 'The agent asks for this, whatever the policy is.', rule: null };
  if (policy === 'never') return { kind: 'allowed', by: 'policy', rule: null };
  // What the value of a secret does to the text around it is not seen: one with a quote in it ends a quote.
  const isCovered = subject.kind === 'command' && isRedacted(subject.command);
  if (!isCovered && patterns.includes(exactPattern(judged)))
    return { kind: 'allowed', by: 'rule', rule: null };
  const steps = stepsOf(judged, patterns, read);
  const asked = steps.filter(({ isRuled, verdict }) => !isRuled && isAsked(verdict, policy));
  if (asked.length > 0)
    return { kind: 'ask', why: whyOf(worst(asked.map(({ verdict }) => verdict)), policy), rule: null };
  return { kind: 'allowed', by: steps.some(({ isRuled }) => isRuled) ? 'rule' : 'policy', rule: null };
}

/** True for what no policy and no rule decides. */
export function isAlwaysAsked({ kind }: ApprovalSubject): boolean {
  return kind === 'plan' || kind === 'form' || kind === 'budget';
}

/** A rule for exactly this and nothing else, for a session: what has no pattern can be allowed again by it. */
export function exactPattern({ subject, cwd }: Pick<Judged, 'subject' | 'cwd'>): string {
  const text = JSON.stringify([subject, cwd]);
  return `[exact] ${createHash('sha256').update(text).digest('hex')}`;
}

/** One thing that is judged; `isRuled`: a pattern that a person allowed covers it. */
export interface Step {
  readonly verdict: Verdict;
  readonly isRuled: boolean;
}

/** True where the preset asks for what does this. */
export function isAsked({ effect }: Verdict, policy: ApprovalPolicy): boolean {
  return policy === 'ask_all' || effect === 'outside' || (policy === 'ask_writes' && effect === 'inside');
}

/** Why the preset asks, in one sentence. */
export function whyOf({ because }: Verdict, policy: ApprovalPolicy): string {
  if (policy === 'ask_all') return 'The policy asks for everything.';
  if (policy === 'ask_writes') return `The policy asks for what is not read-only, and ${because}.`;
  return `The policy asks for what leaves the workspace, and ${because}.`;
}

function stepsOf(judged: Judged, patterns: readonly string[], read: ReadShell): Step[] {
  const { subject } = judged;
  if (subject.kind === 'command')
    return [...stepsOfCommand(judged, subject.command, patterns, read), ...outsidePaths(judged, null)];
  const pattern = patternOf(subject);
  const isRuled = pattern !== null && patterns.includes(pattern);
  // A rule says one file: another that comes with it is asked about.
  const ruled =
    subject.kind === 'read' ? subject.path : subject.kind === 'edit' ? subject.files[0]?.path : null;
  return [
    { verdict: judgeOther(judged), isRuled },
    ...outsidePaths(judged, isRuled ? (ruled ?? null) : null),
  ];
}

function stepsOfCommand(
  judged: Judged,
  command: string,
  patterns: readonly string[],
  read: ReadShell,
): Step[] {
  const shell = read(command);
  const why = unresolved(judged, shell);
  if (firstPlace(judged.directory, judged.cwd) === null)
    return [{ verdict: leaves('the command runs outside of it'), isRuled: false }];
  if (why !== null) return [{ verdict: leaves(why), isRuled: false }];
  return commandSteps(judged, shell, patterns);
}

/** The files that come with it and lie outside. `ruled` is the one that a rule allows, null for none. */
export function outsidePaths({ paths, directory }: Judged, ruled: string | null): Step[] {
  const absolute = (path: string) => posix.resolve(directory ?? '/', path);
  const asked = paths.filter((path) => ruled === null || absolute(path) !== absolute(ruled));
  const outside = asked.find((path) => !isInside(directory, path) || (ruled !== null && isSensitive(path)));
  if (outside !== undefined) return [{ verdict: leaves(`${named(outside)} is outside`), isRuled: false }];
  if (ruled === null || asked.length === 0) return [];
  return [{ verdict: changes('what comes with the file that is allowed'), isRuled: false }];
}

function judgeOther({ subject, paths, directory }: Judged): Verdict {
  switch (subject.kind) {
    case 'edit':
      return judgeEdit([...paths, ...subject.files.map(({ path }) => path)], directory);
    case 'read':
      return isInside(directory, subject.path) ? reads : leaves(`${named(subject.path)} is outside`);
    case 'fetch':
      return leaves('it reaches the network');
    default:
      return leaves('it is not seen what this tool does');
  }
}

function judgeEdit(paths: readonly string[], directory: string | null): Verdict {
  if (paths.length === 0) return leaves('it does not say which files it changes');
  const outside = paths.find((path) => !isInside(directory, path));
  if (outside !== undefined) return leaves(`${named(outside)} is outside`);
  const sensitive = paths.find((path) => isSensitive(inWorkspace(path, directory)));
  if (sensitive !== undefined) return leaves(`${named(sensitive)} can make programs run`);
  return { effect: 'inside', because: 'it changes files' };
}

// A workspace may itself lie below a folder with such a name.
function inWorkspace(path: string, directory: string | null): string {
  return directory !== null && path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
}

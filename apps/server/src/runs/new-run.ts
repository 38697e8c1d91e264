import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import { commandText } from '@farhand/shared/model/command-text';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId, type RunId } from '@farhand/shared/model/ids';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { Redactor } from '../secrets/redactor.ts';
import type { StoredRun } from './run-store.ts';
import type { OperationRun } from './runs.ts';

interface Found {
  readonly hostId: HostId;
  readonly redactor: Redactor;
}

const LONGEST_TITLE = 120;

/** A plain command, not stored yet. Throws `request.invalid` for words that no command can hold. */
export function newRun(input: ParsedInput<'run.start'>, by: Actor, { hostId, redactor }: Found): StoredRun {
  const { workspaceId, argv, cwd, profile } = input;
  checkWords([...argv, cwd ?? '']);
  const isPerson = by.kind === 'page' || by.kind === 'cli';
  return {
    run: {
      ...fresh(newId('run')),
      hostId,
      workspaceId,
      sessionId: null,
      argv: argv.map(redactor.text),
      cwd,
      profile,
      by,
      operation: null,
    },
    plan: {
      argv,
      environment: {},
      // A person's own command is not asked about, but for what a rule says; another program's is, as an agent's is.
      preset: isPerson ? 'never' : workspaceId === null ? 'ask_all' : 'ask_outside',
      title: `Run ${shortText(argv)}`,
      why: null,
      askedIn: workspaceId,
      timeoutMs: null,
      startedAtMs: null,
      isCancelled: false,
    },
    jobId: null,
  };
}

/** A named operation, not stored yet. */
export function newOperationRun(
  id: RunId,
  wanted: OperationRun,
  { hostId, redactor, directory }: Found & { readonly directory: string | null },
): StoredRun {
  const { operation, description, workspaceId, argv, cwd, environment, by, from } = wanted;
  checkWords([...argv, cwd ?? '', ...Object.values(environment)]);
  const isPerson = by.kind === 'page' || by.kind === 'cli';
  const place =
    cwd === null && workspaceId === null && directory === null
      ? ` It runs in the home folder of ${hostId}.`
      : '';
  return {
    run: {
      ...fresh(id),
      hostId,
      workspaceId,
      sessionId: from?.sessionId ?? null,
      argv: argv.map(redactor.text),
      cwd,
      profile: null,
      by,
      operation,
    },
    plan: {
      argv: [...argv],
      environment: { ...environment },
      preset: wanted.isAsked && !isPerson ? 'always' : 'never',
      title: `Operation ${operation}: ${shortText(argv)}`,
      why: `The operation ${operation} was asked for${description === null ? '' : ` (${description})`}.${place}`,
      askedIn: from?.workspaceId ?? workspaceId,
      timeoutMs: wanted.timeoutMs,
      startedAtMs: null,
      isCancelled: false,
    },
    jobId: null,
  };
}

function fresh(id: RunId) {
  return {
    id,
    state: 'asking' as const,
    approvalId: null,
    rule: null,
    exit: null,
    error: null,
    createdAt: new Date().toISOString(),
    endedAt: null,
  };
}

function shortText(argv: readonly string[]): string {
  const text = commandText(argv);
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE)} …` : text;
}

function checkWords(words: readonly string[]): void {
  if (!words.some((word) => word.includes('\0'))) return;
  throw new FarhandError('request.invalid', { message: 'A command cannot hold a NUL character.' });
}

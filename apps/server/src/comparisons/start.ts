import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ComparisonId, newId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { ComparisonRecords } from './records.ts';
import type { ComparisonStore, StoredVariant } from './stored-comparison.ts';

interface StartDeps {
  readonly feed: StateFeed;
  readonly store: ComparisonStore;
  readonly records: ComparisonRecords;
  readonly workspaces: Pick<Workspaces, 'get' | 'list' | 'addFork'>;
  readonly sessions: Pick<Sessions, 'create'>;
  readonly secrets: Pick<Secrets, 'redactor'>;
}

/** Stores a comparison with the forks and sessions of its variants, all or nothing. The forks are still to be begun. */
export function startComparison(
  deps: StartDeps,
  input: ParsedInput<'comparison.start'>,
): { id: ComparisonId; workspaceIds: WorkspaceId[] } {
  const { feed, store, records, workspaces, secrets } = deps;
  const { projectId } = workspaces.get(input.workspaceId);
  const id = newId('comparison');
  const variants: StoredVariant[] = [];
  const { workspaceId, testCommand } = input;
  const redactor = secrets.redactor(projectId);
  const prompt = redactor.text(input.prompt);
  checkTestCommand(testCommand, redactor);
  const createdAt = new Date().toISOString();
  const made = { id, workspaceId, prompt, testCommand, variants, keptVariantId: null, createdAt };
  try {
    // A server killed in between must find neither a fork without its variant nor a variant without its fork.
    store.transaction(() => {
      for (const [index] of input.variants.entries()) variants.push(addVariant(deps, input, { id, index }));
      store.put(made);
    });
  } catch (error) {
    // What was published of it is not there.
    for (const variant of variants) {
      if (variant.sessionId) feed.removed('session', variant.sessionId);
      if (variant.workspaceId) feed.removed('workspace', variant.workspaceId);
    }
    throw error;
  }
  records.load(made);
  return { id, workspaceIds: variants.flatMap((variant) => variant.workspaceId ?? []) };
}

/** Throws `request.invalid` for one that holds the value of a secret: it is kept, shown, and given to hosts as it is. */
export function checkTestCommand(command: string | null, redactor: Redactor): void {
  if (command === null || redactor.text(command) === command) return;
  throw new FarhandError('request.invalid', {
    message: 'The test command holds the value of a secret. Write $ and its name instead.',
  });
}

function addVariant(
  { workspaces, sessions }: StartDeps,
  { workspaceId, variants }: ParsedInput<'comparison.start'>,
  { id: comparisonId, index }: { id: ComparisonId; index: number },
): StoredVariant {
  const { agent = 'builtin', model = null, host = null } = variants[index] ?? {};
  const source = workspaces.get(workspaceId);
  const name = freeName(workspaces, source, `${source.name.slice(0, 40)} ${agent.slice(0, 12)} ${index + 1}`);
  const made = workspaces.addFork({ workspaceId, name, host, comparisonId });
  const session = sessions.create(made.id, model, { agent });
  return {
    id: String(index + 1),
    agent,
    model,
    hostId: made.hostId,
    workspaceId: made.id,
    sessionId: session.id,
    state: 'making',
    error: null,
    diff: null,
    test: null,
    startedAt: null,
    endedAt: null,
    messageId: newId('item'),
    isPrompted: false,
    start: null,
    testJob: null,
    testStartedAt: null,
  };
}

/** The name, with a number behind it where a workspace of the project has it. */
function freeName(
  workspaces: Pick<Workspaces, 'list'>,
  { projectId }: { projectId: string },
  name: string,
): string {
  const taken = new Set(workspaces.list().flatMap((one) => (one.projectId === projectId ? [one.name] : [])));
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}

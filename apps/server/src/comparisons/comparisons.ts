/** One prompt to several agents at once, each in a fork of the same workspace. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Comparison } from '@farhand/shared/model/comparisons';
import type { ComparisonId } from '@farhand/shared/model/ids';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { Log } from '../logging/log.ts';
import type { Projects } from '../projects/projects.ts';
import { coverError } from '../secrets/cover-error.ts';
import { checkedPaths } from './file-paths.ts';
import { giveFiles } from './give-files.ts';
import { putFiles } from './put-files.ts';
import { createComparisonRecords, toComparison, type VariantPlace } from './records.ts';
import { checkTestCommand, startComparison } from './start.ts';
import { createComparisonStore, type StoredVariant } from './stored-comparison.ts';
import { createTestRuns, type TestRunsDeps } from './test-runs.ts';
import { createVariants, type VariantsDeps } from './variants.ts';

export interface Comparisons {
  /** Oldest first. */
  list(): Comparison[];
  /** Answers at once; what becomes of the variants follows through the feed. Throws `workspace.not_ready`, `workspace.missing`, `host.invalid_name`, `model.unknown`. */
  start(input: ParsedInput<'comparison.start'>): Comparison;
  /** Of one variant, or of all whose workspace is ready. Throws `comparison.no_test`, `workspace.not_ready`. */
  test(input: ParsedInput<'comparison.test'>): void;
  keep(place: VariantPlace): Comparison;
  /** Throws `comparison.files_refused`, `workspace.not_ready`, `host.*`. */
  takeFiles(input: ParsedInput<'comparison.take_files'>): Promise<void>;
  /** Their workspaces are deleted in the background. Throws `comparison.variant_kept`. */
  discard(id: ComparisonId, variantId: string | null): Comparison;
  remove(id: ComparisonId): void;
  /** At the server's start, after workspaces and sessions: goes on with all of them. */
  resumeAll(): void;
  /** Leaves everything to the next server. */
  close(): void;
}

export interface ComparisonsDeps
  extends Omit<VariantsDeps, 'records' | 'tests'>,
    Omit<TestRunsDeps, 'records' | 'workspaces'> {
  readonly projects: Pick<Projects, 'repository'>;
  readonly scratchDirectory: string;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

/** Comparisons over the embedded store. */
export function createComparisons(deps: ComparisonsDeps): Comparisons {
  const { workspaces, secrets } = deps;
  const store = createComparisonStore(deps.db);
  const records = createComparisonRecords(store, deps.feed);
  const tests = createTestRuns({ ...deps, records });
  const variants = createVariants({ ...deps, records, tests });
  const closing = new AbortController();

  const placesOf = (comparisonId: ComparisonId): VariantPlace[] =>
    records.get(comparisonId).variants.map(({ id }) => ({ comparisonId, variantId: id }));
  const readyOf = (place: VariantPlace) => {
    const { workspaceId } = records.variant(place);
    if (workspaceId === null) throw new FarhandError('workspace.not_found');
    return workspaces.ready(workspaceId);
  };
  const get = (id: ComparisonId) => toComparison(records.get(id));

  async function bring(from: VariantPlace, to: VariantPlace, asked: readonly string[]): Promise<void> {
    const paths = checkedPaths(asked);
    const [source, target] = [readyOf(from), readyOf(to)];
    const { projectId } = source.workspace;
    const { scratchDirectory } = deps;
    const { signal } = closing;
    try {
      const git = deps.projects.repository(projectId);
      const given = await giveFiles({ from: source, paths, git, scratchDirectory, signal });
      try {
        await putFiles({ to: target, given, paths, signal });
      } finally {
        await given.remove();
      }
    } catch (error) {
      throw coverError(error, secrets.redactor(projectId));
    }
    workspaces.refreshChanges(target.workspace.id);
    variants.countSoon(to);
  }

  return {
    list: () => records.all().map(toComparison),
    start(input) {
      const { id, workspaceIds } = startComparison({ ...deps, store, records }, input);
      for (const workspaceId of workspaceIds) workspaces.beginFork(workspaceId);
      return get(id);
    },
    test({ comparisonId, variantId, testCommand }) {
      const places =
        variantId === null
          ? placesOf(comparisonId).filter((place) => isReady(records.variant(place)))
          : [{ comparisonId, variantId }];
      for (const place of places) records.variant(place);
      if (testCommand !== undefined) {
        // What was forked may be gone, and a variant may be.
        const { workspaceId } = records.get(comparisonId);
        const known = workspaces
          .list()
          .find(({ id, fork }) => id === workspaceId || fork?.comparisonId === comparisonId);
        if (known) checkTestCommand(testCommand, secrets.redactor(known.projectId));
        records.change(comparisonId, { testCommand });
      }
      if (records.get(comparisonId).testCommand === null) throw new FarhandError('comparison.no_test');
      for (const place of places) tests.start(place);
    },
    keep(place) {
      const { state } = records.variant(place);
      if (state === 'discarded')
        throw new FarhandError('comparison.variant_not_found', { details: { ...place } });
      records.change(place.comparisonId, { keptVariantId: place.variantId });
      return get(place.comparisonId);
    },
    takeFiles: ({ comparisonId, from, to, paths }) =>
      bring({ comparisonId, variantId: from }, { comparisonId, variantId: to }, paths),
    discard(comparisonId, variantId) {
      const { keptVariantId } = records.get(comparisonId);
      if (variantId !== null && variantId === keptVariantId)
        throw new FarhandError('comparison.variant_kept', { details: { comparisonId, variantId } });
      const places =
        variantId === null
          ? placesOf(comparisonId).filter((place) => place.variantId !== keptVariantId)
          : [{ comparisonId, variantId }];
      for (const place of places) variants.discard(place);
      return get(comparisonId);
    },
    remove(id) {
      for (const place of placesOf(id)) tests.stop(place);
      records.remove(id);
    },
    resumeAll() {
      for (const { id } of records.all()) for (const place of placesOf(id)) variants.resume(place);
    },
    close() {
      variants.close();
      tests.close();
      closing.abort(new DOMException('The server is stopping.', 'AbortError'));
    },
  };

  function isReady({ workspaceId, state }: StoredVariant): boolean {
    if (workspaceId === null || state === 'discarded') return false;
    return workspaces.list().some((one) => one.id === workspaceId && one.state === 'ready');
  }
}

/** Follows the variants of comparisons: from the fork over the prompt to the end of the turn, the count and the test. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { SessionState } from '@farhand/shared/model/sessions';
import type { StateChange, StateFeed } from '../feed/state-feed.ts';
import type { Log } from '../logging/log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Database } from '../store/database.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { countDiff, readTree } from './diff-count.ts';
import type { ComparisonRecords, VariantPlace } from './records.ts';
import type { TestRuns } from './test-runs.ts';
import { nextStepOf } from './variant-state.ts';

export interface Variants {
  /** At the server's start: goes on from however it was left. */
  resume(place: VariantPlace): void;
  /** Marks it, and deletes its workspace in the background. */
  discard(place: VariantPlace): void;
  /** Counts its changes once after many calls in a row. */
  countSoon(place: VariantPlace): void;
  close(): void;
}

export interface VariantsDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly records: ComparisonRecords;
  readonly tests: TestRuns;
  readonly workspaces: Pick<
    Workspaces,
    'get' | 'list' | 'ready' | 'addFork' | 'beginFork' | 'delete' | 'refreshChanges'
  >;
  readonly sessions: Pick<Sessions, 'list' | 'create'>;
  readonly queue: Pick<Queue, 'prompt'>;
  readonly transcripts: Pick<Transcripts, 'items'>;
  readonly secrets: Pick<Secrets, 'environment' | 'redactor'>;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

/** An agent's edit is mostly followed by the next one. */
const COUNT_AFTER_MS = 2000;
const RETRY_AFTER_MS = 5000;

export function createVariants(deps: VariantsDeps): Variants {
  return new FollowedVariants(deps);
}

class FollowedVariants implements Variants {
  readonly #deps: VariantsDeps;
  readonly #unwatch: () => void;
  /** Those of which something happened, until they are looked at. */
  readonly #seen = new Map<string, VariantPlace>();
  /** Those whose prompt is on its way. */
  readonly #prompting = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Of their sessions, as last seen. */
  readonly #states = new Map<string, SessionState>();
  #isClosed = false;

  constructor(deps: VariantsDeps) {
    this.#deps = deps;
    this.#unwatch = deps.feed.watch((change) => {
      const kind = change.type === 'changed' ? change.entity.kind : change.kind;
      if (kind !== 'workspace' && kind !== 'session') return;
      const place = deps.records.placeOf(change.type === 'changed' ? change.entity.value.id : change.id);
      if (!place || !this.#isNews(change)) return;
      this.#lookSoon(place);
      if (kind === 'workspace' && deps.records.find(place)?.state === 'working') this.countSoon(place);
    });
  }

  resume(place: VariantPlace): void {
    const { state, workspaceId, test, testJob } = this.#deps.records.variant(place);
    if (state === 'discarded' && workspaceId !== null && this.#workspace(place)) return this.#delete(place);
    this.#look(place);
    const after = this.#deps.records.find(place);
    if (test?.state === 'running' && testJob !== null && after?.testJob === testJob)
      return this.#deps.tests.resume(place);
    // Killed between the turn's end and its test.
    const isOver = state === 'done' || state === 'failed';
    if (isOver && after?.state === state && after.test?.state === 'waiting')
      this.#quietly(place, this.#afterTurn(place));
  }

  discard(place: VariantPlace): void {
    const { state } = this.#deps.records.variant(place);
    if (state === 'discarded') return;
    this.#deps.tests.stop(place);
    this.#deps.records.changeVariant(place, { state: 'discarded', error: null, testJob: null });
    if (this.#workspace(place)) this.#delete(place);
    else this.#look(place);
  }

  countSoon(place: VariantPlace): void {
    const key = keyOf(place);
    if (this.#timers.has(key) || this.#isClosed) return;
    const look = () => {
      this.#timers.delete(key);
      this.#quietly(place, this.#count(place));
    };
    this.#timers.set(key, setTimeout(look, COUNT_AFTER_MS).unref());
  }

  close(): void {
    this.#isClosed = true;
    this.#unwatch();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  // Of all that is told of a session while it works only its state counts.
  #isNews(change: StateChange): boolean {
    if (change.type === 'removed') this.#states.delete(change.id);
    if (change.type === 'removed' || change.entity.kind !== 'session') return true;
    const { id, state } = change.entity.value;
    const isNew = this.#states.get(id) !== state;
    this.#states.set(id, state);
    return isNew;
  }

  // Once for all that changes together, and never inside the change of another.
  #lookSoon(place: VariantPlace): void {
    const key = keyOf(place);
    if (this.#seen.has(key)) return;
    this.#seen.set(key, place);
    setImmediate(() => {
      this.#seen.delete(key);
      if (!this.#isClosed) this.#lookOrRetry(place);
    });
  }

  #lookOrRetry(place: VariantPlace): void {
    try {
      this.#look(place);
    } catch (error) {
      this.#notStored(place, error);
    }
  }

  // A store that refuses (a full disk) is asked again: nothing else may tell of the variant any more.
  #notStored(place: VariantPlace, error: unknown): void {
    const key = `look ${keyOf(place)}`;
    if (this.#isClosed || this.#timers.has(key)) return;
    this.#deps.log?.warn('comparison.not_stored', { ...place, error });
    const again = () => {
      this.#timers.delete(key);
      this.#lookOrRetry(place);
    };
    this.#timers.set(key, setTimeout(again, RETRY_AFTER_MS).unref());
  }

  #quietly(place: VariantPlace, work: Promise<void>): void {
    work.catch((error: unknown) => this.#notStored(place, error));
  }

  #look(place: VariantPlace): void {
    const { records, sessions, transcripts } = this.#deps;
    const variant = records.find(place);
    if (!variant) return;
    const { sessionId } = variant;
    const turn = () => {
      const last = sessionId && transcripts.items(sessionId).findLast((item) => item.kind === 'turn');
      return last && last.kind === 'turn' ? last : undefined;
    };
    const session = sessions.list().find(({ id }) => id === sessionId);
    const hasTest = records.get(place.comparisonId).testCommand !== null;
    const next = nextStepOf(variant, { workspace: this.#workspace(place), session, turn }, hasTest);
    if (next.kind === 'change') {
      if (next.patch.state === 'discarded') this.#deps.tests.stop(place);
      records.changeVariant(place, next.patch);
    }
    if (next.kind === 'prompt') this.#quietly(place, this.#prompt(place));
    if (next.kind === 'end') {
      const test = hasTest ? ({ state: 'waiting', output: '', durationMs: null } as const) : null;
      records.changeVariant(place, { ...next.patch, test });
      this.#quietly(place, this.#afterTurn(place));
    }
  }

  async #prompt(place: VariantPlace): Promise<void> {
    const { records, queue } = this.#deps;
    const key = keyOf(place);
    if (this.#prompting.has(key)) return;
    this.#prompting.add(key);
    try {
      // Read once: it must not be of files that the agent has changed already.
      const start = records.find(place)?.start ?? (await this.#readStart(place));
      const variant = records.find(place);
      if (this.#isClosed || !variant?.sessionId || variant.isPrompted || variant.state === 'discarded')
        return;
      const { prompt } = records.get(place.comparisonId);
      records.changeVariant(place, { start });
      queue.prompt(variant.sessionId, prompt, { model: variant.model, messageId: variant.messageId });
      records.changeVariant(place, {
        isPrompted: true,
        state: 'working',
        error: null,
        startedAt: new Date().toISOString(),
      });
    } catch (thrown) {
      const error = FarhandError.from(thrown);
      // It is looked at again when the workspace changes.
      if (error.code === 'workspace.not_ready' || this.#isClosed) return;
      const { code, message, hint, retryable } = error;
      records.changeVariant(place, {
        isPrompted: true,
        state: 'failed',
        error: { code, message, hint, retryable },
      });
    } finally {
      this.#prompting.delete(key);
    }
  }

  /** What is counted from; without it the agent works all the same. */
  async #readStart(place: VariantPlace): Promise<string | null> {
    try {
      return await readTree(this.#place(place));
    } catch (error) {
      this.#deps.log?.warn('comparison.start_unknown', { ...place, error });
      return null;
    }
  }

  async #afterTurn(place: VariantPlace): Promise<void> {
    await this.#count(place);
    const variant = this.#deps.records.find(place);
    if (this.#isClosed || variant?.test?.state !== 'waiting' || variant.state === 'working') return;
    try {
      this.#deps.tests.start(place);
    } catch (thrown) {
      const output = FarhandError.from(thrown).message;
      this.#deps.records.changeVariant(place, { test: { state: 'failed', output, durationMs: null } });
    }
  }

  async #count(place: VariantPlace): Promise<void> {
    const { records, log } = this.#deps;
    const before = records.find(place);
    if (!before?.start || before.state === 'discarded') return;
    try {
      const diff = await countDiff(this.#place(place), before.start);
      const now = records.find(place);
      if (this.#isClosed || !now || JSON.stringify(now.diff) === JSON.stringify(diff)) return;
      records.changeVariant(place, { diff });
    } catch (error) {
      // The next look counts again.
      if (!this.#isClosed) log?.warn('comparison.not_counted', { ...place, error });
    }
  }

  #delete(place: VariantPlace): void {
    const { records, workspaces, log } = this.#deps;
    const { workspaceId } = records.variant(place);
    if (workspaceId === null) return;
    workspaces.delete(workspaceId, { force: true, forget: false }).catch((thrown: unknown) => {
      if (this.#isClosed) return;
      log?.warn('comparison.variant_left', { ...place, error: thrown });
      const { code, message, hint, retryable } = FarhandError.from(thrown);
      try {
        records.changeVariant(place, { error: { code, message, hint, retryable } });
      } catch {
        // It is in the log, and the next start deletes it.
      }
    });
  }

  #place(place: VariantPlace) {
    const { workspaceId } = this.#deps.records.variant(place);
    if (workspaceId === null) throw new FarhandError('workspace.not_found');
    const { runtime, directory } = this.#deps.workspaces.ready(workspaceId);
    // Nobody waits for this look: what a person or an agent does there goes first.
    return { runtime, directory, lane: `${workspaceId}:count` };
  }

  #workspace(place: VariantPlace) {
    const id = this.#deps.records.find(place)?.workspaceId;
    return this.#deps.workspaces.list().find((one) => one.id === id);
  }
}

const keyOf = ({ comparisonId, variantId }: VariantPlace) => `${comparisonId} ${variantId}`;

import type { Session } from '@farhand/shared/model/sessions';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { StoredVariant } from './stored-comparison.ts';

type Turn = Extract<TranscriptItem, { kind: 'turn' }>;

/** What a variant is seen by. */
export interface Sight {
  readonly workspace: Workspace | undefined;
  readonly session: Session | undefined;
  /** The newest turn of the session; asked for only where it counts. */
  turn(): Turn | undefined;
}

/** What has to be done about a variant, as it is seen now. */
export type NextStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'change'; readonly patch: Partial<StoredVariant> }
  | { readonly kind: 'prompt' }
  /** Its turn has ended. */
  | { readonly kind: 'end'; readonly patch: Partial<StoredVariant> };

const AT_WORK: ReadonlySet<string> = new Set(['working', 'blocked', 'contact_lost']);
const NOTHING: NextStep = { kind: 'nothing' };

export function nextStepOf(variant: StoredVariant, sight: Sight, hasTest: boolean): NextStep {
  const { workspace, session } = sight;
  if (!workspace) {
    if (variant.state === 'discarded' && variant.workspaceId === null) return NOTHING;
    return {
      kind: 'change',
      patch: { state: 'discarded', workspaceId: null, sessionId: null, testJob: null },
    };
  }
  if (variant.state === 'discarded') return NOTHING;
  if (!variant.isPrompted) return whileMaking(variant, workspace);
  if (!session) return variant.state === 'failed' ? NOTHING : failedWithout;
  if (AT_WORK.has(session.state)) {
    if (variant.state === 'working') return NOTHING;
    const test = hasTest ? ({ state: 'waiting', output: '', durationMs: null } as const) : null;
    return { kind: 'change', patch: { state: 'working', endedAt: null, error: null, test } };
  }
  // A message that waits for a free place on its host has begun no turn yet.
  if (variant.state !== 'working' || session.lastSeq === 0) return NOTHING;
  const turn = sight.turn();
  if (!turn || turn.state === 'working') return NOTHING;
  const state = turn.state === 'failed' ? 'failed' : 'done';
  return { kind: 'end', patch: { state, endedAt: turn.endedAt, error: turn.error } };
}

const failedWithout: NextStep = {
  kind: 'change',
  patch: {
    state: 'failed',
    error: { code: 'session.not_found', message: 'Its session was deleted.', hint: null, retryable: false },
  },
};

function whileMaking(variant: StoredVariant, { state, steps }: Workspace): NextStep {
  if (state === 'ready') return { kind: 'prompt' };
  if (state === 'failed') {
    const error = steps.find((step) => step.error !== null)?.error ?? null;
    return variant.state === 'failed' ? NOTHING : { kind: 'change', patch: { state: 'failed', error } };
  }
  if (state !== 'creating' || variant.state === 'making') return NOTHING;
  return { kind: 'change', patch: { state: 'making', error: null } };
}

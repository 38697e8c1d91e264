import type { AuditKind } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import type { SessionId } from '@farhand/shared/model/ids';
import type { CallInput } from '@farhand/shared/protocol/calls';

/** How far back is looked. */
export type Span = 'all' | 'hour' | 'day' | 'week' | 'month';

/** What is shown of the log. */
export interface Filters {
  readonly text: string;
  readonly kinds: readonly AuditKind[];
  readonly hostId: HostId | null;
  /** A kind of actor. */
  readonly actor: string | null;
  readonly span: Span;
  readonly sessionId: SessionId | null;
  /** Only ends that did not go well. */
  readonly isFailedOnly: boolean;
}

/** Everything. */
export const NO_FILTERS: Filters = {
  text: '',
  kinds: [],
  hostId: null,
  actor: null,
  span: 'all',
  sessionId: null,
  isFailedOnly: false,
};

const HOUR_MS = 3_600_000;
const SPANS_MS: Readonly<Record<Exclude<Span, 'all'>, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};

/** True where something is left out. */
export const isFiltered = (filters: Filters): boolean =>
  JSON.stringify(filters) !== JSON.stringify(NO_FILTERS);

/** The question to the server. */
export function searchOf(filters: Filters, nowMs: number): CallInput<'audit.search'> {
  const { text, kinds, hostId, actor, span, sessionId, isFailedOnly } = filters;
  return {
    text,
    kinds: [...kinds],
    hostId,
    actor,
    sessionId,
    since: span === 'all' ? null : new Date(nowMs - SPANS_MS[span]).toISOString(),
    exit: isFailedOnly ? 'failed' : null,
  };
}

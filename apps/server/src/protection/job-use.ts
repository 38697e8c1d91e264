import type { Actor } from '@farhand/shared/model/audit';
import type { SessionId } from '@farhand/shared/model/ids';

/**
 * What a job is for, which says which secrets it gets: an agent and all that it starts, a terminal or command of a
 * person, or a repository's own setup.
 */
export type JobKind = 'agent' | 'terminal' | 'init';

/** Who starts jobs, and what for. */
export interface JobUse {
  readonly kind: JobKind;
  /** Null where no session is behind it. */
  readonly sessionId: SessionId | null;
  readonly by: Actor;
}

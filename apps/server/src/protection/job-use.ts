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
  /** True for what Farhand itself looks at and does with git there: no program of a person, an agent or the repository. */
  readonly isOurs?: boolean;
  /** A sandbox that allows no more than the workspace's own, which counts where it is not given. */
  readonly profile?: string | null;
}

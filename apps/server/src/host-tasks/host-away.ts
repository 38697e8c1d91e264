import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';
import type { ConnectionState } from '@farhand/shared/model/hosts';

/** Said by a host that did answer. */
const ANSWERS: readonly ErrorCode[] = ['host.git_missing', 'host.home_unwritable', 'host.shell_unusable'];

/** True where the host did not answer, which says nothing about what is on it. */
export function isHostAway(error: unknown): boolean {
  return FarhandError.is(error) && error.code.startsWith('host.') && !ANSWERS.includes(error.code);
}

/** True where asking the host now would only wait: it is tried again by its connection, or waits for a person. */
export function isKnownAway({ state }: ConnectionState): boolean {
  return state === 'retrying' || state === 'refused' || state === 'asking';
}

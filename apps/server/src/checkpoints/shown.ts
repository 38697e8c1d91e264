import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Checkpoint } from '@farhand/shared/model/checkpoints';
import type { CheckpointRow } from './checkpoint-store.ts';

/** A row as it is shown. */
export function toCheckpoint({ id, sessionId, kind, at, moment, reason }: CheckpointRow): Checkpoint {
  return {
    id,
    sessionId,
    kind,
    at,
    hasFiles: moment !== null,
    reason: moment ? null : (reason ?? 'They were not looked at.'),
    branch: moment?.branch?.replace('refs/heads/', '') ?? null,
    left: moment?.left ?? [],
    leftCount: moment?.leftCount ?? 0,
  };
}

/** Says why there are none. */
export function noFiles({ reason, sessionId, id }: CheckpointRow): FarhandError {
  return new FarhandError('checkpoint.no_files', {
    ...(reason && { message: `The files of that moment were not kept: ${reason}` }),
    details: { sessionId, id },
  });
}

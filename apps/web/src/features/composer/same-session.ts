import type { Session } from '@farhand/shared/model/sessions';

/** True where two states of a session look the same in its composer: all but its events and the time of the last. */
export function isSameForComposer(a: Session, b: Session): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.state === b.state &&
      a.model === b.model &&
      a.agent === b.agent &&
      a.costUsd === b.costUsd &&
      a.usage.input === b.usage.input &&
      a.usage.output === b.usage.output &&
      a.context?.used === b.context?.used &&
      a.context?.limit === b.context?.limit)
  );
}

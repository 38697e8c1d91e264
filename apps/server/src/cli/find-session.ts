import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type SessionId, sessionId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Call } from './client.ts';
import { printable } from './terminal.ts';

const PREFIX = 'ses_';

/** As `findSession`, without a look at all sessions where the id is given whole. */
export async function findSessionId(call: Call, wanted: string): Promise<SessionId> {
  const whole = sessionId.safeParse(wanted);
  return whole.success ? whole.data : (await findSession(call, wanted)).id;
}

/** The session of this id, or of the beginning of one. Throws `session.not_found`, also where several begin so. */
export async function findSession(call: Call, wanted: string): Promise<Session> {
  const { sessions } = await call('session.list', {});
  const found =
    wanted === '' ? [] : sessions.filter(({ id }) => id.startsWith(wanted) || id.startsWith(PREFIX + wanted));
  const [first, second] = found;
  if (first && !second) return first;
  throw new FarhandError('session.not_found', {
    message: second
      ? `Several sessions have an id that begins with ${printable(wanted)}.`
      : `No session has an id that begins with ${printable(wanted)}.`,
    hint: 'See `farhand session list`.',
  });
}

import type { SessionId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import { waitForEvents } from '../../transcripts/wait-for-events.ts';
import type { Domains } from '../domains.ts';
import type { CallTable } from './table.ts';

type ResultCalls = Pick<CallTable, 'session.list' | 'session.items' | 'session.events' | 'session.turn'>;

/** Calls that look at sessions without a WebSocket. */
export function sessionResultCalls(domains: Domains): ResultCalls {
  const { sessions, transcripts } = domains;
  return {
    'session.list': () => ({ sessions: sessions.list() }),
    'session.items': ({ sessionId, limit }) => {
      sessions.get(sessionId);
      return { items: transcripts.items(sessionId).slice(-limit) };
    },
    'session.events': async ({ sessionId, after, limit, waitMs }, { signal }) => {
      sessions.get(sessionId);
      const events = await waitForEvents(transcripts, {
        sessionId,
        waitMs,
        signal,
        look: () => transcripts.read(sessionId, after, limit),
        isEnough: ({ length }) => length > 0,
      });
      return { session: sessions.get(sessionId), events };
    },
    'session.turn': ({ sessionId, waitMs }, { signal }) =>
      waitForEvents(transcripts, {
        sessionId,
        waitMs,
        signal,
        look: () => turnNow(domains, sessionId),
        isEnough: ({ turn }) => turn?.state !== 'working',
      }),
  };
}

function turnNow(
  { sessions, transcripts, approvals }: Domains,
  sessionId: SessionId,
): CallOutput<'session.turn'> {
  const session = sessions.get(sessionId);
  const items = transcripts.items(sessionId);
  const last = items.findLast((item) => item.kind === 'turn');
  const open = approvals.list({ sessionId, isOpen: true }).map(({ id }) => id);
  if (!last) return { session, turn: null, approvals: open };
  const said = items.filter(
    (item): item is Extract<TranscriptItem, { kind: 'text' }> =>
      item.kind === 'text' && item.turnId === last.turnId,
  );
  const { turnId, state, error, at, endedAt } = last;
  const text = said.map((item) => item.text).join('\n\n');
  return { session, turn: { turnId, state, error, text, at, endedAt }, approvals: open };
}

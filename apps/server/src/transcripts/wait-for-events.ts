import type { SessionId } from '@farhand/shared/model/ids';
import type { Transcripts } from './transcripts.ts';

interface Wait<Seen> {
  readonly sessionId: SessionId;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  look(): Seen;
  isEnough(seen: Seen): boolean;
}

/** What is seen once it is enough, or after `waitMs`, or when the signal says so. Looks at each change of the session. */
export async function waitForEvents<Seen>(
  transcripts: Pick<Transcripts, 'watch'>,
  { sessionId, waitMs, signal, look, isEnough }: Wait<Seen>,
): Promise<Seen> {
  const first = look();
  if (waitMs === 0 || isEnough(first)) return first;
  return await new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      unwatch();
      signal.removeEventListener('abort', end);
      try {
        resolve(look());
      } catch (thrown) {
        reject(thrown);
      }
    };
    const timer = setTimeout(end, waitMs);
    const unwatch = transcripts.watch(sessionId, () => {
      // The session itself is written just after its events.
      setImmediate(() => {
        if (isEnough(look())) end();
      });
    });
    signal.addEventListener('abort', end);
  });
}

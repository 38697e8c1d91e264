import type { Session } from '@farhand/shared/model/sessions';
import { emptyTranscript, foldEvents, type Transcript } from '@farhand/shared/protocol/fold';
import type { Client } from '../e2e/support/client.ts';

/** A session's transcript as the server gives it to somebody who comes now; without what the page shows nothing for. */
export async function serverTranscript(client: Client, sessionId: Session['id']): Promise<Transcript> {
  const socket = await client.connect();
  let transcript = emptyTranscript();
  await new Promise<void>((resolve, reject) => {
    socket.onFrame = (frame) => {
      if (frame.type === 'error') reject(new Error(JSON.stringify(frame.error)));
      if (frame.type !== 'events') return;
      const folded = foldEvents(transcript, frame.events);
      if (folded === 'gap') return reject(new Error(`the transcript of ${sessionId} has a gap`));
      transcript = folded;
      if (frame.live) resolve();
    };
    socket.send({ type: 'subscribe', sub: 1, topic: { kind: 'session', sessionId, after: 0 } });
  });
  socket.close();
  const isShown = (item: Transcript['items'][number]) =>
    item.kind !== 'discarded' &&
    !((item.kind === 'text' || item.kind === 'reasoning') && item.text.trim() === '') &&
    !(item.kind === 'plan' && item.entries.length === 0);
  return { ...transcript, items: transcript.items.filter(isShown) };
}

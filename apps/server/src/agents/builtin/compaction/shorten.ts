import type { Message } from '../messages.ts';

/** Of one result, in characters, where the whole does not fit. */
const SHORT_RESULT = 2000;

/** Ever shorter forms of a conversation that is too long even for being summarised: first without the bulk of results, then without the older half, and so on. */
export function* shorterForms(messages: readonly Message[]): Generator<Message[]> {
  yield [...messages];
  let left = messages.map(withoutBulk);
  yield left;
  for (let halvings = 0; halvings < 5 && left.length > 2; halvings += 1) {
    const half = left.findIndex((one, at) => at >= left.length / 2 && one.role !== 'tool');
    if (half <= 0) return;
    left = [{ role: 'user', text: '[What came before is left out: it was too long.]' }, ...left.slice(half)];
    yield left;
  }
}

function withoutBulk(message: Message): Message {
  if (message.role !== 'tool') return message;
  const { text } = message;
  return {
    ...message,
    images: [],
    text: text.length > SHORT_RESULT ? `${text.slice(0, SHORT_RESULT)}\n[… cut …]` : text,
  };
}

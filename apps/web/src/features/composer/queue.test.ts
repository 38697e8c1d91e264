import { describe, expect, it } from 'vitest';
import { advanceQueue, backToDraft, decideSend } from './queue.ts';

describe('decideSend', () => {
  it('sends at once between turns, also after a failure', () => {
    expect(decideSend('hi', 'idle', null).kind).toBe('send');
    expect(decideSend('hi', 'failed', null).kind).toBe('send');
  });

  it.each(['working', 'blocked', 'contact_lost'] as const)('queues while the session is %s', (state) => {
    expect(decideSend('hi', state, null)).toEqual({ kind: 'queue', queue: { text: 'hi', state: 'waiting' } });
  });

  it('queues one message only and sends no empty one', () => {
    expect(decideSend('hi', 'working', { text: 'first', state: 'waiting' }).kind).toBe('refuse');
    expect(decideSend(' \n', 'idle', null).kind).toBe('refuse');
  });
});

describe('advanceQueue', () => {
  it('waits for the end of the turn, then sends once', () => {
    const waiting = { text: 'hi', state: 'waiting' } as const;
    expect(advanceQueue(waiting, 'working')).toBe(waiting);
    const sending = advanceQueue(waiting, 'done');
    expect(sending).toEqual({ text: 'hi', state: 'sending' });
    expect(advanceQueue(sending, 'done')).toBe(sending);
    expect(advanceQueue(null, 'done')).toBeNull();
  });

  it('holds the message after a failed turn', () => {
    const held = advanceQueue({ text: 'hi', state: 'waiting' }, 'failed');
    expect(held?.state).toBe('held');
    expect(advanceQueue(held, 'done')).toBe(held);
  });
});

describe('backToDraft', () => {
  it('puts the queued text before what was typed since', () => {
    expect(backToDraft('', 'queued')).toBe('queued');
    expect(backToDraft('later', 'queued')).toBe('queued\n\nlater');
  });
});

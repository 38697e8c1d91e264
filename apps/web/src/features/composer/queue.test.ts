import { newId } from '@farhand/shared/model/ids';
import type { QueuedMessage } from '@farhand/shared/model/queue';
import { describe, expect, it } from 'vitest';
import { mustQueue } from './queue.ts';
import { fieldTime, laterChoices, laterTime, queueText, whenText } from './queue-text.ts';

const message = (over: Partial<QueuedMessage> = {}): QueuedMessage => ({
  id: newId('message'),
  sessionId: newId('session'),
  text: 'then run the tests',
  attachments: [],
  model: null,
  notBefore: null,
  reason: 'turn',
  until: null,
  problem: null,
  createdAt: '',
  ...over,
});

describe('mustQueue', () => {
  it.each(['working', 'blocked', 'contact_lost'] as const)('queues while the session is %s', (state) => {
    expect(mustQueue(state, [])).toBe(true);
  });

  it('sends at once when nothing goes on and nothing waits', () => {
    expect(mustQueue('idle', [])).toBe(false);
    expect(mustQueue('failed', [])).toBe(false);
  });

  it('keeps the order behind one that goes as soon as it can, and passes the others', () => {
    expect(mustQueue('idle', [message({ reason: 'slot' })])).toBe(true);
    expect(mustQueue('idle', [message({ reason: 'person', problem: 'No credit.' })])).toBe(false);
    expect(mustQueue('idle', [message({ reason: 'time', notBefore: '2030-01-01T00:00:00Z' })])).toBe(false);
  });
});

const now = new Date(2026, 2, 1, 12, 0).getTime();
const at = (day: number, hours: number, minutes = 0) => new Date(2026, 2, day, hours, minutes).toISOString();
const around = { host: 'gpu-1', now };

describe('queueText', () => {
  it.each([
    [{ reason: 'turn' } as const, 'after this turn'],
    [{ reason: 'turn', notBefore: at(1, 14, 30) } as const, 'after this turn, not before 14:30'],
    [{ reason: 'time', notBefore: at(1, 14, 30) } as const, 'at 14:30'],
    [{ reason: 'slot' } as const, 'waits for a free place on gpu-1'],
    [{ reason: 'rate_limit', until: at(1, 13, 5) } as const, 'rate limit until 13:05'],
    [{ reason: 'rate_limit' } as const, 'rate limit of the provider'],
    [{ reason: 'host' } as const, 'waits for gpu-1'],
    [{ reason: 'person', problem: 'No credit.' } as const, 'held: No credit.'],
  ])('says of %j: %s', (over, text) => {
    expect(queueText(message(over), around)).toBe(text);
  });
});

describe('times', () => {
  it('names the day where it is not today', () => {
    expect(whenText(at(1, 9), now)).toBe('09:00');
    expect(whenText(at(2, 9), now)).toBe('tomorrow 09:00');
    expect(whenText(at(9, 9), now)).toBe('2026-03-09 09:00');
  });

  it('offers times that can all be sent', () => {
    for (const choice of laterChoices(now))
      expect(laterTime(fieldTime(choice.at), now)).toBe(choice.at.toISOString());
  });

  it('takes no time that is over, or none', () => {
    expect(laterTime('', now)).toBeNull();
    expect(laterTime('soon', now)).toBeNull();
    expect(laterTime(fieldTime(new Date(now - 60_000)), now)).toBeNull();
  });
});

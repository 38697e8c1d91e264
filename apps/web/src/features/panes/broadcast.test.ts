import { newId } from '@farhand/shared/model/ids';
import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { Session } from '@farhand/shared/model/sessions';
import { describe, expect, it } from 'vitest';
import { isChosen, outcomeText, sendOne } from './broadcast.ts';

const session = (state: Session['state']) => ({ id: newId('session'), state, model: 'acme/one' });

describe('isChosen', () => {
  it('takes those where no turn goes on, unless the person said otherwise', () => {
    expect(isChosen(session('idle'), {})).toBe(true);
    expect(isChosen(session('failed'), {})).toBe(true);
    expect(isChosen(session('working'), {})).toBe(false);
    const [idle, working] = [session('done'), session('blocked')];
    const chosen = { [idle.id]: false, [working.id]: true };
    expect([isChosen(idle, chosen), isChosen(working, chosen)]).toEqual([false, true]);
  });
});

describe('sendOne', () => {
  const ways = (error: Error | null = null) => {
    const went: string[] = [];
    const go = (way: string) => async (input: { messageId: string; text: string }) => {
      if (error) throw error;
      went.push(`${way} ${input.messageId} ${input.text}`);
    };
    return { went, prompt: go('prompt'), queue: go('queue'), id: 'a', queued: [] as QueuedMessage[] };
  };

  it('prompts an idle session, and queues behind a turn', async () => {
    const to = ways();
    expect(await sendOne(session('idle'), 'go', to)).toEqual({ state: 'sent' });
    expect(await sendOne(session('working'), 'go', to)).toEqual({ state: 'queued' });
    expect(to.went).toEqual(['prompt itm_a go', 'queue msg_a go']);
  });

  it('queues behind what was queued before', async () => {
    const idle = session('idle');
    const queued = [{ sessionId: idle.id, notBefore: null, reason: 'slot' } as QueuedMessage];
    expect(await sendOne(idle, 'go', { ...ways(), queued })).toEqual({ state: 'queued' });
  });

  it('says what failed, and throws nothing', async () => {
    const error = new Error('gone');
    expect(await sendOne(session('idle'), 'go', ways(error))).toEqual({ state: 'failed', error });
  });
});

describe('outcomeText', () => {
  it('counts what became of them', () => {
    const failed = { state: 'failed', error: null } as const;
    expect(outcomeText([{ state: 'sent' }, { state: 'queued' }, { state: 'sent' }, failed])).toBe(
      '2 sent, 1 queued, 1 failed',
    );
    expect(outcomeText([])).toBe('');
  });
});

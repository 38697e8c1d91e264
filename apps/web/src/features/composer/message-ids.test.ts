import { itemId, messageId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { MessageIds } from './message-ids.ts';

describe('MessageIds', () => {
  it('are ids as the server takes them', () => {
    const id = new MessageIds().for('hi');
    expect(itemId.safeParse(`itm_${id}`).success).toBe(true);
    expect(messageId.safeParse(`msg_${id}`).success).toBe(true);
  });

  it('stay while the same message is tried again, and only then', () => {
    const ids = new MessageIds();
    const first = ids.for('hi');
    expect(ids.for('hi')).toBe(first);
    expect(ids.for('hi there')).not.toBe(first);
    const second = ids.for('hi');
    ids.settle();
    expect(ids.for('hi')).not.toBe(second);
  });
});

import { describe, expect, it } from 'vitest';
import type { StoredMessage } from '../messages.ts';
import { keptFrom } from './boundary.ts';

describe('what stays beside a summary', () => {
  it('is always the message that has no answer, with its images, also where a note came after it', () => {
    const base = { provider: 'openai' as const, native: null, calls: [], items: [] };
    const stored: StoredMessage[] = [
      { role: 'user', text: 'before' },
      { role: 'assistant', text: 'done', ...base },
      { role: 'user', text: 'look', images: [{ mediaType: 'image/png', base64: 'aaaa' }] },
      { role: 'user', text: '[Note]' },
    ];
    expect(keptFrom(stored, 0)).toBe(2);
  });
});

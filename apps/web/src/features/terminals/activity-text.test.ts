import type { TerminalActivity } from '@farhand/shared/model/terminals';
import { describe, expect, it } from 'vitest';
import { activityText } from './activity-text.ts';

const activity = (part: Partial<TerminalActivity>): TerminalActivity => ({
  state: 'working',
  text: null,
  isGuess: false,
  at: '2026-11-21T10:00:00.000Z',
  ...part,
});

describe('what an agent in a terminal does, in words', () => {
  it.each([
    [activity({}), 'Working'],
    [activity({ state: 'blocked', text: ' Apply the patch? ' }), 'Needs you: Apply the patch?'],
    [activity({ text: '  ' }), 'Working'],
    [activity({ state: 'done', isGuess: true }), 'Done (a guess from what it prints)'],
  ])('of %j is %j', (given, text) => expect(activityText(given)).toBe(text));

  it('is nothing for a shell', () => expect(activityText(null)).toBeNull());
});

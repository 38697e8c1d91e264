import type { Workspace } from '@farhand/shared/model/workspaces';
import { describe, expect, it } from 'vitest';
import { waitText } from './wait-text.ts';

const text = (part: Partial<Workspace>) => waitText({ hostId: 'gpu-1', name: 'fix', ...part } as Workspace);

describe('waitText', () => {
  it('says for whom a kept task waits, and that nobody must ask again', () => {
    expect(text({ state: 'deleting', isWaitingForHost: true })).toEqual({
      short: 'waits',
      long: 'Deleting waits for gpu-1; done when it is back.',
    });
  });

  it('says what goes on, and nothing of a workspace that is left alone', () => {
    expect(text({ state: 'archiving', isWaitingForHost: false })?.short).toBe('archiving');
    expect(text({ state: 'ready', isWaitingForHost: false })).toBeNull();
  });
});

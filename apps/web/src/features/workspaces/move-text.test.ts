import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { describe, expect, it } from 'vitest';
import { moveText } from './move-text.ts';

const gpu = 'gpu-1' as HostId;
const moving = (hostId: HostId, move: Workspace['move'], isWaitingForHost = false) =>
  moveText({ name: 'checkout', hostId, move, isWaitingForHost });

describe('what is said of a move', () => {
  it('is nothing where there is none', () => {
    expect(moving(gpu, null)).toBeNull();
    expect(moving(gpu, undefined)).toBeNull();
  });

  it('names the host that it goes to while it is on the old one', () => {
    expect(moving(LOCAL_HOST, { hostId: gpu, state: 'waiting' })?.title).toBe('Moves to gpu-1');
    const capturing = moving(LOCAL_HOST, { hostId: gpu, state: 'capturing' });
    expect(capturing?.title).toBe('Moving checkout to gpu-1');
    expect(capturing?.text).toContain('fetched from this machine.');
    expect(moving(LOCAL_HOST, { hostId: gpu, state: 'capturing' }, true)?.text).toContain(
      'when that is back',
    );
  });

  it('names the host that is left once it is on the new one', () => {
    expect(moving(gpu, { hostId: LOCAL_HOST, state: 'clearing' })).toEqual({
      title: 'Moved to gpu-1',
      text: 'Its old folder on this machine is removed now.',
    });
  });
});

import type { ConnectionState } from '@farhand/shared/model/hosts';
import { describe, expect, it } from 'vitest';
import { shortConnectionText } from './connection-text.ts';
import { resting, takenAway } from './host-standing.ts';

const refused = (code: string): ConnectionState => ({
  state: 'refused',
  code,
  message: 'No.',
  hint: null,
  keyChange: null,
});

describe('a host that a person took away', () => {
  it.each([
    ['host.disabled', 'off'],
    ['host.deleted', 'removed'],
    ['host.record_invalid', 'record is wrong'],
  ])('is told by %s as “%s”', (code, words) => {
    expect([takenAway(refused(code)), shortConnectionText(refused(code), 0)]).toEqual([words, words]);
  });

  it('is not one whose machine is stopped: connecting starts it', () => {
    const stopped = refused('host.stopped');
    expect([takenAway(stopped), resting(stopped), shortConnectionText(stopped, 0)]).toEqual([
      null,
      'stopped',
      'stopped',
    ]);
  });

  it('is none that refuses by itself, or is not known', () => {
    expect([
      takenAway(refused('host.auth_failed')),
      takenAway({ state: 'idle' }),
      takenAway(undefined),
    ]).toEqual([null, null, null]);
    expect(shortConnectionText(refused('host.auth_failed'), 0)).toBe('refused');
  });
});

import { describe, expect, it } from 'vitest';
import { STICK_START, type StickEvent, stick } from './stick.ts';

const after = (...events: StickEvent[]) => events.reduce(stick, STICK_START);

describe('stick', () => {
  it('follows from the start and stays while content grows below', () => {
    const state = after(
      { kind: 'grew', rows: 3 },
      { kind: 'scrolled', offset: 500, distance: 0 },
      { kind: 'scrolled', offset: 500, distance: 300 },
    );
    expect(state).toMatchObject({ following: true, unseen: 0 });
  });

  it('leaves the bottom only when the reader moves up, and counts what comes', () => {
    const state = after(
      { kind: 'grew', rows: 3 },
      { kind: 'scrolled', offset: 500, distance: 0 },
      { kind: 'scrolled', offset: 400, distance: 100 },
      { kind: 'grew', rows: 5 },
    );
    expect(state).toMatchObject({ following: false, unseen: 2 });
  });

  it('does not leave when shrinking content pulls the offset back to the end', () => {
    expect(
      after({ kind: 'scrolled', offset: 500, distance: 0 }, { kind: 'scrolled', offset: 450, distance: 0 })
        .following,
    ).toBe(true);
  });

  it('follows again at the bottom, and after a jump', () => {
    const away = after(
      { kind: 'scrolled', offset: 500, distance: 0 },
      { kind: 'scrolled', offset: 100, distance: 400 },
      { kind: 'grew', rows: 4 },
    );
    expect(stick(away, { kind: 'scrolled', offset: 495, distance: 5 })).toMatchObject({
      following: true,
      unseen: 0,
    });
    expect(stick(away, { kind: 'jumped' })).toMatchObject({ following: true, unseen: 0 });
  });

  it('holds still when the reader opens something', () => {
    expect(after({ kind: 'toggled' }).following).toBe(false);
  });
});

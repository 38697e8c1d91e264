import { describe, expect, it } from 'vitest';
import { chordOf, type KeyPress } from './chord.ts';
import { COMMAND_IDS, KEYMAP } from './keymap.ts';

const press = (key: string, part: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...part,
});

describe('chordOf', () => {
  it('takes Ctrl for mod, on a Mac the command key', () => {
    expect(chordOf(press('k', { ctrlKey: true }), false)).toBe('mod+k');
    expect(chordOf(press('k', { metaKey: true }), true)).toBe('mod+k');
    expect(chordOf(press('k', { ctrlKey: true }), true)).toBe('ctrl+k');
  });

  it('knows the key where Alt makes another sign of it', () => {
    expect(chordOf(press('˜', { code: 'KeyN', altKey: true }), true)).toBe('alt+n');
  });

  it('takes a sign as it is, however it is typed', () => {
    expect(chordOf(press('?', { code: 'Slash', shiftKey: true }), false)).toBe('?');
    expect(chordOf(press('ArrowDown', { altKey: true }), false)).toBe('alt+arrowdown');
  });

  it('is null for a modifier alone', () => {
    expect(chordOf(press('Control', { ctrlKey: true }), false)).toBeNull();
  });
});

describe('KEYMAP', () => {
  it('gives no chord to two commands', () => {
    const chords = COMMAND_IDS.map((id) => KEYMAP[id].keys).filter((keys) => keys !== null);
    expect(new Set(chords).size).toBe(chords.length);
  });
});

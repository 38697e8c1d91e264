import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { boardIdFor, boardNameFor, MOST_BOARDS, parseBoards, withAdded } from './boards.ts';
import type { Pane } from './pane.ts';

const pane = (): Pane => ({ kind: 'agent', workspaceId: newId('workspace'), sessionId: newId('session') });

describe('parseBoards', () => {
  it('keeps good boards, and of each what is known', () => {
    const added = [pane()];
    expect(
      parseBoards([{ id: 'release', name: ' Release ', added: [...added, { kind: 'html' }], x: 1 }]),
    ).toEqual([{ id: 'release', name: 'Release', added }]);
  });

  it.each([
    ['no list', { id: 'a' }],
    ['an id that is no address', [{ id: '../a', name: 'a' }]],
    ['the id of the board that is always there', [{ id: 'all', name: 'a' }]],
    ['nothing', null],
  ])('leaves out %s', (_what, stored) => expect(parseBoards(stored)).toEqual([]));

  it('takes each id once, and no more boards than are kept', () => {
    expect(parseBoards([{ id: 'a' }, { id: 'a' }])).toHaveLength(1);
    const many = Array.from({ length: 80 }, (_, at) => ({ id: `b${at}`, name: 'b' }));
    expect(parseBoards(many)).toHaveLength(MOST_BOARDS);
  });
});

describe('boardIdFor', () => {
  it.each([
    ['Release 2.0', 'release-2-0'],
    ['  Größe!  ', 'gro-e'],
    ['看板', 'board'],
    ['all', 'all-2'],
  ])('names %s', (name, id) => expect(boardIdFor(name, [])).toBe(id));

  it('numbers what is taken', () => {
    expect(boardIdFor('A', [{ id: 'a' }, { id: 'a-2' }])).toBe('a-3');
  });

  it('stays within what an address takes', () => {
    expect(boardIdFor('x'.repeat(200), [{ id: 'x'.repeat(32) }])).toMatch(/^[a-z0-9-]{1,40}$/);
  });
});

describe('boardNameFor', () => {
  it('numbers a name that another board has', () => {
    expect(boardNameFor(' Agents ', [])).toBe('Agents');
    expect(boardNameFor('Agents', [{ name: 'Agents' }, { name: 'Agents 2' }])).toBe('Agents 3');
  });
});

describe('withAdded', () => {
  it('adds each pane once, to that board only, up to the most that a grid has', () => {
    const [one, two] = [pane(), pane()];
    const boards = parseBoards([{ id: 'a' }, { id: 'b' }]);
    const twice = withAdded(withAdded(boards, 'a', [one]), 'a', [one, two]);
    expect(twice.map(({ added }) => added)).toEqual([[one, two], []]);
    expect(withAdded(boards, 'a', Array.from({ length: 40 }, pane))[0]?.added).toHaveLength(24);
  });
});

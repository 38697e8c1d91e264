import { createPreference, writePreference } from '../../client/preferences.ts';
import { BOARD_ID } from '../../client/view-store.ts';
import { type Pane, paneId, parsePane, record } from './pane.ts';

/** A grid of its own, with panes of any workspaces. */
export interface Board {
  /** Stands in the address and names its layout; stays when the board is renamed. */
  readonly id: string;
  readonly name: string;
  /** Panes that were put on it while it was not on the screen: it takes them when it is shown. */
  readonly added: readonly Pane[];
}

/** The board that is always there: every session that works or needs the person. */
export const ALL_AGENTS = 'all';

export const MOST_BOARDS = 50;
const LONGEST_NAME = 60;
/** More panes than this in one grid help nobody, and each costs. */
export const MOST_PANES = 24;

/** Boards out of a stored value; what is no board, or one too many, is left out. */
export function parseBoards(stored: unknown): readonly Board[] {
  if (!Array.isArray(stored)) return [];
  const taken = new Set<string>([ALL_AGENTS]);
  return stored.slice(0, MOST_BOARDS).flatMap((value): Board[] => {
    const { id, name, added } = record(value);
    if (typeof id !== 'string' || !BOARD_ID.test(id) || taken.has(id)) return [];
    taken.add(id);
    const panes = (Array.isArray(added) ? added : []).flatMap((pane) => parsePane(pane) ?? []);
    return [{ id, name: shortName(typeof name === 'string' ? name : id), added: panes.slice(0, MOST_PANES) }];
  });
}

const shortName = (name: string) => name.trim().slice(0, LONGEST_NAME) || 'Board';

/** The id of a new board: its name in the letters of an address, and a number where that is taken. */
export function boardIdFor(name: string, boards: readonly Pick<Board, 'id'>[]): string {
  const taken = new Set([ALL_AGENTS, ...boards.map(({ id }) => id)]);
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  const wanted = letters === '' ? 'board' : letters;
  if (!taken.has(wanted)) return wanted;
  for (let count = 2; ; count += 1) if (!taken.has(`${wanted}-${count}`)) return `${wanted}-${count}`;
}

/** `name`, with a number where another board has it. */
export function boardNameFor(name: string, boards: readonly Pick<Board, 'name'>[]): string {
  const taken = new Set(boards.map((board) => board.name));
  const wanted = shortName(name);
  for (let count = 1; ; count += 1) {
    const numbered = count === 1 ? wanted : `${wanted.slice(0, LONGEST_NAME - 4)} ${count}`;
    if (!taken.has(numbered)) return numbered;
  }
}

/** `boards` with these panes waiting for one of them; each pane once. */
export function withAdded(boards: readonly Board[], id: string, panes: readonly Pane[]): readonly Board[] {
  return boards.map((board) => {
    if (board.id !== id) return board;
    const known = new Set(board.added.map(paneId));
    const news = panes.filter((pane) => !known.has(paneId(pane)));
    return { ...board, added: [...board.added, ...news].slice(0, MOST_PANES) };
  });
}

const boards = createPreference<readonly Board[]>('boards', parseBoards);

/** The person's boards, in the order in which they were made. */
export const useBoards = (): readonly Board[] => boards.use();

export const findBoard = (id: string): Board | undefined => boards.get().find((board) => board.id === id);

/** Makes a board with these panes; its id. */
export function makeBoard(name: string, panes: readonly Pane[] = []): string {
  const id = boardIdFor(name, boards.get());
  const unlike = boardNameFor(name, boards.get());
  boards.set([...boards.get(), { id, name: unlike, added: panes.slice(0, MOST_PANES) }]);
  return id;
}

export function renameBoard(id: string, name: string): void {
  boards.set(boards.get().map((board) => (board.id === id ? { ...board, name: shortName(name) } : board)));
}

/** Forgets a board and its layout; what it showed runs on. */
export function deleteBoard(id: string): void {
  boards.set(boards.get().filter((board) => board.id !== id));
  writePreference(`board.${id}`, null);
}

/** Puts panes on a board, which shows them when it is looked at. */
export const addToBoard = (id: string, panes: readonly Pane[]): void =>
  boards.set(withAdded(boards.get(), id, panes));

/** The panes that wait for a board, which has them from now on. */
export function takeAdded(id: string): readonly Pane[] {
  const added = findBoard(id)?.added ?? [];
  if (added.length > 0)
    boards.set(boards.get().map((board) => (board.id === id ? { ...board, added: [] } : board)));
  return added;
}

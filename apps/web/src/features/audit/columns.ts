/** The grid that the rows of the log and their heading share: with a drawer beside it there is room for less. */
export const COLUMNS = {
  wide: 'grid grid-cols-[8rem_5.5rem_9rem_8rem_minmax(0,1fr)_4rem] items-center gap-3 px-4',
  narrow: 'grid grid-cols-[8rem_5.5rem_minmax(0,1fr)_4rem] items-center gap-3 px-4',
} as const;

export type ColumnSet = keyof typeof COLUMNS;

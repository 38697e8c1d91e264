import type { TerminalId } from '@farhand/shared/model/ids';
import { type Exit, exit, type Terminal, terminal } from '@farhand/shared/model/terminals';
import { eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { terminals } from '../store/schema.ts';

export interface TerminalStore {
  /** Oldest first. */
  all(): Terminal[];
  find(id: TerminalId): Terminal | undefined;
  insert(value: Terminal): void;
  setSize(id: TerminalId, rows: number, cols: number): void;
  setExit(id: TerminalId, value: Exit): void;
  remove(id: TerminalId): void;
}

export function createTerminalStore(db: Database): TerminalStore {
  const read = (row: typeof terminals.$inferSelect): Terminal =>
    terminal.parse({
      ...row,
      activity: null,
      exit: row.exit === null ? null : exit.parse(JSON.parse(row.exit)),
    });
  return {
    all: () => db.select().from(terminals).orderBy(terminals.createdAt).all().map(read),
    find: (id) => db.select().from(terminals).where(eq(terminals.id, id)).all().map(read)[0],
    // Without what is only seen: the table has no column for it.
    insert: (value) =>
      void db
        .insert(terminals)
        .values({ ...value, exit: value.exit && JSON.stringify(value.exit) })
        .run(),
    setSize: (id, rows, cols) =>
      void db.update(terminals).set({ rows, cols }).where(eq(terminals.id, id)).run(),
    setExit: (id, value) =>
      void db
        .update(terminals)
        .set({ exit: JSON.stringify(value) })
        .where(eq(terminals.id, id))
        .run(),
    remove: (id) => void db.delete(terminals).where(eq(terminals.id, id)).run(),
  };
}

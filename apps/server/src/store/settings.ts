import { eq, like } from 'drizzle-orm';
import type { Database } from './database.ts';
import { settings } from './schema.ts';

/** Single values by name. */
export interface Settings {
  /** Null where there is none. */
  get(name: string): string | null;
  /** Null forgets it. */
  set(name: string, value: string | null): void;
  /** All whose name begins so, by the rest of the name. */
  all(prefix: string): Record<string, string>;
}

export function createSettings(db: Database): Settings {
  return {
    get: (name) => db.select().from(settings).where(eq(settings.name, name)).get()?.value ?? null,
    set(name, value) {
      if (value === null) db.delete(settings).where(eq(settings.name, name)).run();
      else
        db.insert(settings)
          .values({ name, value })
          .onConflictDoUpdate({ target: settings.name, set: { value } })
          .run();
    },
    all: (prefix) =>
      Object.fromEntries(
        db
          .select()
          .from(settings)
          .where(like(settings.name, `${prefix}%`))
          .all()
          .filter(({ name }) => name.startsWith(prefix))
          .map(({ name, value }) => [name.slice(prefix.length), value]),
      ),
  };
}

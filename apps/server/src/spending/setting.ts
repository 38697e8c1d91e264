import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Database } from '../store/database.ts';
import { settings } from '../store/schema.ts';

/** A setting kept as JSON; null where there is none, or none that fits. */
export function readSetting<Value>(db: Database, name: string, schema: z.ZodType<Value>): Value | null {
  const row = db.select({ value: settings.value }).from(settings).where(eq(settings.name, name)).get();
  if (!row) return null;
  const parsed = schema.safeParse(JSON.parse(row.value));
  return parsed.success ? parsed.data : null;
}

export function writeSetting(db: Database, name: string, given: unknown): void {
  const value = JSON.stringify(given);
  db.insert(settings)
    .values({ name, value })
    .onConflictDoUpdate({ target: settings.name, set: { value } })
    .run();
}

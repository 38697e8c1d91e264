import { providerKind } from '@farhand/shared/model/models';
import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { modelProviders, settings } from '../store/schema.ts';

const DEFAULT_MODEL = 'default_model';

const row = z.object({
  id: z.string(),
  kind: providerKind,
  baseUrl: z.string().nullable(),
  sealedKey: z.string().nullable(),
  models: z.string().transform((json) => z.array(z.string()).parse(JSON.parse(json))),
});
export type ProviderRow = z.output<typeof row>;

/** The rows of providers that a person set up, and the default model. */
export function createModelStore(db: Database) {
  return {
    all: (): ProviderRow[] =>
      db
        .select()
        .from(modelProviders)
        .orderBy(asc(modelProviders.id))
        .all()
        .map((stored) => row.parse(stored)),
    get(id: string): ProviderRow | null {
      const stored = db.select().from(modelProviders).where(eq(modelProviders.id, id)).get();
      return stored ? row.parse(stored) : null;
    },
    put({ id, ...rest }: ProviderRow): void {
      const columns = { ...rest, models: JSON.stringify(rest.models) };
      db.insert(modelProviders)
        .values({ id, ...columns })
        .onConflictDoUpdate({ target: modelProviders.id, set: columns })
        .run();
    },
    remove: (id: string): boolean =>
      db.delete(modelProviders).where(eq(modelProviders.id, id)).run().changes > 0,
    defaultModel: (): string | null =>
      db.select().from(settings).where(eq(settings.name, DEFAULT_MODEL)).get()?.value ?? null,
    setDefaultModel(value: string | null): void {
      if (value === null) db.delete(settings).where(eq(settings.name, DEFAULT_MODEL)).run();
      else
        db.insert(settings)
          .values({ name: DEFAULT_MODEL, value })
          .onConflictDoUpdate({ target: settings.name, set: { value } })
          .run();
    },
  };
}

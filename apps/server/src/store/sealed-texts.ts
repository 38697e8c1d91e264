import { isNotNull } from 'drizzle-orm';
import type { Database } from './database.ts';
import { modelProviders, secrets } from './schema.ts';

/** True where a secret or a model's key is stored, which only the key file opens. */
export function hasSealedTexts(db: Database): boolean {
  const secret = db.select({ name: secrets.name }).from(secrets).limit(1).get();
  const key = db
    .select({ id: modelProviders.id })
    .from(modelProviders)
    .where(isNotNull(modelProviders.sealedKey))
    .limit(1)
    .get();
  return secret !== undefined || key !== undefined;
}

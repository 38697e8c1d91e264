import { eq, isNotNull, like } from 'drizzle-orm';
import type { Database } from './database.ts';
import { acpSessions, modelProviders, secrets, settings } from './schema.ts';

/** A text that the vault sealed, wherever it is stored. */
export interface SealedText {
  readonly sealed: string;
  /** What it was sealed with as its place. */
  readonly context: string;
  replace(sealed: string): void;
}

/** Kept by the vault itself. */
export const ROOT_SETTING = 'vault_root';

/** True where a secret or a model's key is stored, which only the key opens that there was. */
export function hasSealedTexts(db: Database): boolean {
  const secret = db.select({ name: secrets.name }).from(secrets).limit(1).get();
  const key = db
    .select({ id: modelProviders.id })
    .from(modelProviders)
    .where(isNotNull(modelProviders.sealedKey))
    .limit(1)
    .get();
  const root = db.select({ name: settings.name }).from(settings).where(eq(settings.name, ROOT_SETTING)).get();
  return secret !== undefined || key !== undefined || root !== undefined;
}

/** All of them but those of secrets, which the domain of secrets knows. A setting is sealed with its own name as place. */
export function otherSealedTexts(db: Database): SealedText[] {
  return [...providerKeys(db), ...sealedSettings(db), ...agentRecords(db)];
}

function providerKeys(db: Database): SealedText[] {
  const rows = db.select().from(modelProviders).where(isNotNull(modelProviders.sealedKey)).all();
  return rows.map(({ id, sealedKey }) => ({
    sealed: sealedKey ?? '',
    context: `model:${id}`,
    replace: (next) =>
      void db.update(modelProviders).set({ sealedKey: next }).where(eq(modelProviders.id, id)).run(),
  }));
}

function sealedSettings(db: Database): SealedText[] {
  const rows = db.select().from(settings).where(like(settings.value, 'v1.%')).all();
  return rows
    .filter(({ name }) => name !== ROOT_SETTING)
    .map(({ name, value }) => ({
      sealed: value,
      context: name,
      replace: (next) => void db.update(settings).set({ value: next }).where(eq(settings.name, name)).run(),
    }));
}

function agentRecords(db: Database): SealedText[] {
  const rows = db.select().from(acpSessions).all();
  return rows.flatMap(({ sessionId, state }) => {
    const record = JSON.parse(state) as { kept?: unknown };
    if (typeof record.kept !== 'string') return [];
    const replace = (kept: string) =>
      void db
        .update(acpSessions)
        .set({ state: JSON.stringify({ ...record, kept }) })
        .where(eq(acpSessions.sessionId, sessionId))
        .run();
    return [{ sealed: record.kept, context: `acp_sessions.kept ${sessionId}`, replace }];
  });
}

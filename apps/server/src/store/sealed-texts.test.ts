import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createModels } from '../models/models.ts';
import { openVault } from '../secrets/vault.ts';
import { openDatabase } from './database.ts';
import { hasSealedTexts } from './sealed-texts.ts';

it('tells whether something is stored that only the key file opens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-sealed-'));
  const db = openDatabase(join(folder, 'db'));
  const models = createModels({ db, vault: openVault(join(folder, 'key')), environment: {} });
  const provider = {
    id: 'near',
    kind: 'openai_compatible',
    baseUrl: 'http://127.0.0.1:1/v1',
    models: ['m'],
  } as const;
  models.set({ ...provider, models: [...provider.models], key: null });
  expect(hasSealedTexts(db)).toBe(false);
  models.set({ ...provider, models: [...provider.models], key: 'a-model-key' });
  expect(hasSealedTexts(db)).toBe(true);
  db.close();
  rmSync(folder, { recursive: true });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVault } from '../secrets/vault.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createModels } from './models.ts';

let folder: string;
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-models-'));
  db = openDatabase(join(folder, 'db'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const models = (environment: Record<string, string> = {}) =>
  createModels({ db, vault: openVault(join(folder, 'key')), environment });
const code = (expected: string) => expect.objectContaining({ code: expected });
const local = {
  id: 'local',
  kind: 'openai_compatible' as const,
  baseUrl: 'http://127.0.0.1:1/v1',
  key: null,
  models: ['llama'],
};

describe('models', () => {
  it('says that none is set up', () => {
    expect(models().list()).toEqual({ providers: [], defaultModel: null });
    expect(() => models().resolve(null)).toThrowError(code('model.none'));
    expect(() => models().resolve('anthropic/x')).toThrowError(code('model.none'));
  });

  it('reads providers from the environment, the endpoint of its own first', () => {
    const found = models({
      OPENAI_API_KEY: 'k1',
      GEMINI_API_KEY: 'k2',
      FARHAND_MODEL_BASE_URL: 'http://h/v1',
      FARHAND_MODEL: 'org/coder',
    });
    expect(found.list().providers.map(({ id, source, hasKey }) => [id, source, hasKey])).toEqual([
      ['endpoint', 'environment', false],
      ['openai', 'environment', true],
      ['google', 'environment', true],
    ]);
    expect(found.resolve(null)).toEqual({
      ref: 'endpoint/org/coder',
      kind: 'openai_compatible',
      baseUrl: 'http://h/v1',
      key: null,
      model: 'org/coder',
    });
  });

  it('takes FARHAND_MODEL as a whole reference where there is no endpoint of its own', () => {
    expect(models({ ANTHROPIC_API_KEY: 'k', FARHAND_MODEL: 'anthropic/claude-x' }).list().defaultModel).toBe(
      'anthropic/claude-x',
    );
  });

  it('keeps a key sealed, shows only that there is one, and leaves it where none is given', () => {
    models().set({ ...local, key: 'sk-canary-123456' });
    expect(models().set({ ...local, models: ['a', 'b'] })).toEqual({
      ...local,
      key: undefined,
      models: ['a', 'b'],
      hasKey: true,
      source: 'settings',
    });
    expect(JSON.stringify(models().list())).not.toContain('canary');
    expect(models().resolve('local/b').key).toBe('sk-canary-123456');
    for (const file of ['db', 'db-wal'])
      expect(readFileSync(join(folder, file)).includes('canary')).toBe(false);
    models().set({ ...local, key: '' });
    expect(models().resolve('local/b').key).toBeNull();
  });

  it('puts the settings before the environment', () => {
    models().set({ id: 'anthropic', kind: 'anthropic', baseUrl: 'http://proxy', key: 'mine', models: [] });
    const both = models({ ANTHROPIC_API_KEY: 'theirs' });
    expect(both.list().providers).toHaveLength(1);
    expect(both.resolve(null)).toMatchObject({
      key: 'mine',
      baseUrl: 'http://proxy',
      ref: 'anthropic/claude-sonnet-4-5',
    });
    both.remove('anthropic');
    expect(both.resolve(null).key).toBe('theirs');
    expect(() => both.remove('anthropic')).toThrowError(code('model.unknown'));
  });

  it('uses the chosen default while its provider is there', () => {
    models().set(local);
    models().set({ ...local, id: 'other' });
    models().setDefault('other/llama');
    expect(models().resolve(null).ref).toBe('other/llama');
    expect(() => models().setDefault('gone/x')).toThrowError(code('model.unknown'));
    models().remove('other');
    expect(models().list().defaultModel).toBe('local/llama');
  });
});

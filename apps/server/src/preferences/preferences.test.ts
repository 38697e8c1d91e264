import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { createSettings } from '../store/settings.ts';
import { createPreferences } from './preferences.ts';

describe('preferences', () => {
  let folder: string;
  let db: Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-preferences-'));
    db = openDatabase(join(folder, 'db'));
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('are kept, changed and forgotten, apart from other settings', () => {
    createSettings(db).set('default_model', 'acme/one');
    const preferences = createPreferences(createSettings(db));
    preferences.set('grid.layout', '{"panes":[]}');
    preferences.set('grid.layout', '[1]');
    preferences.set('sound', 'true');
    preferences.set('sound', null);
    expect(preferences.all()).toEqual({ 'grid.layout': '[1]' });
    expect(preferences.get('default_model')).toBeNull();
  });

  it('are JSON, and of a bounded number', () => {
    const preferences = createPreferences(createSettings(db));
    const refused = expect.objectContaining({ code: 'request.invalid' });
    expect(() => preferences.set('broken', '{')).toThrowError(refused);
    for (let count = 0; count < 200; count += 1) preferences.set(`name${count}`, '1');
    expect(() => preferences.set('one.more', '1')).toThrowError(refused);
    preferences.set('name0', '2');
    expect(preferences.get('name0')).toBe('2');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { createDeletedWorkspaces, type DeletedWorkspaces } from './deleted-workspaces.ts';

const DAY_MS = 24 * 60 * 60_000;
const [prod, spare] = [hostId.parse('prod'), hostId.parse('spare')];

let folder: string;
let db: Database;
let deleted: DeletedWorkspaces;
let nowMs: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-deleted-'));
  db = openDatabase(join(folder, 'db'));
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  deleted = createDeletedWorkspaces(db, () => nowMs);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const add = (host = prod) => {
  const id = newId('workspace');
  deleted.add({ id, hostId: host, directory: `/w/${id}` });
  nowMs += 1;
  return id;
};

describe('the list of deleted workspaces', () => {
  it('forgets those of more than 90 days ago, of every host', () => {
    add(spare);
    add();
    nowMs += 89 * DAY_MS;
    const late = add();
    expect(deleted.of(prod)).toHaveLength(2);
    nowMs += 2 * DAY_MS;
    const newest = add();
    expect(deleted.of(prod).map(({ id }) => id)).toEqual([late, newest]);
    expect(deleted.hosts()).toEqual([prod]);
  });

  it('has the newest 1,000 of a host', () => {
    const [first, second] = [add(), add()];
    const other = add(spare);
    for (let count = 0; count < 999; count += 1) add();
    const ids = deleted.of(prod).map(({ id }) => id);
    expect(ids).toHaveLength(1_000);
    expect(ids).not.toContain(first);
    expect(ids).toContain(second);
    expect(deleted.of(spare).map(({ id }) => id)).toEqual([other]);
  });
});

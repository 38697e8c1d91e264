import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import { openDatabase } from '../store/database.ts';
import { createAccess } from './access.ts';
import { createSignInRecords } from './sign-in-records.ts';

describe('sign-ins', () => {
  it('are on record, good ones and others', () => {
    const audit = recordedAudit();
    const folder = mkdtempSync(join(tmpdir(), 'farhand-sign-in-'));
    const db = openDatabase(join(folder, 'db'));
    const access = createAccess({ db, signIns: createSignInRecords(audit) });
    expect(access.redeemCode('wrong', '10.0.0.7')).toBeNull();
    const cookie = access.redeemCode(access.issueCode(), '10.0.0.8');
    expect(cookie).not.toBeNull();
    access.logout({ kind: 'browser', tokenHash: 'x' });
    expect(audit.entries.map(({ kind, summary, facts }) => [kind, summary, facts.from])).toEqual([
      ['sign_in', 'A sign-in was refused: the code is not good', '10.0.0.7'],
      ['sign_in', 'A browser signed in by a one-time code', '10.0.0.8'],
      ['sign_in', 'A browser signed out', undefined],
    ]);
    expect(JSON.stringify(audit.entries)).not.toContain('wrong');
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('that are refused again and again fill nothing', () => {
    const audit = recordedAudit();
    let now = 0;
    const records = createSignInRecords(audit, () => now);
    for (let count = 0; count < 500; count += 1) records.refused('10.0.0.7');
    expect(audit.entries).toHaveLength(20);
    now += 60 * 60_000;
    records.refused('10.0.0.7');
    expect(audit.entries.at(-2)).toMatchObject({ facts: { count: 480 } });
    expect(audit.entries).toHaveLength(22);
  });
});

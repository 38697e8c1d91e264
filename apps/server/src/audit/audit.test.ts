import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import Sqlite from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GENESIS } from './chain.ts';
import { entry, type OpenedAudit, openTestAudit, refusalOf } from './testing/open-audit.ts';

let opened: OpenedAudit;
beforeEach(() => {
  opened = openTestAudit();
});
afterEach(() => opened.remove());

describe('audit log', () => {
  it('numbers events without a gap, each with the hash of the one before', () => {
    const { audit } = opened;
    expect([audit.record(entry()), audit.record(entry({ summary: 'two' }))]).toEqual([1, 2]);
    const [first, second] = [audit.get(1), audit.get(2)];
    expect(first.previous).toBe(GENESIS);
    expect(second.previous).toBe(first.hash);
  });

  it('goes on where a former server ended', () => {
    opened.audit.record(entry());
    const again = opened.reopen();
    expect(again.record(entry())).toBe(2);
    expect(again.get(2).previous).toBe(again.get(1).hash);
  });

  it('gives back what was told, whatever letters it has', async () => {
    const facts = { argv: ['a\0b', '\ud800', '"\\', 'ü🙂'], nested: { b: 1, a: [true, null] } };
    opened.audit.record(entry({ summary: 'line\none\0\udfff', facts }));
    expect(opened.audit.get(1).summary).toBe('line one␀�');
    expect(opened.audit.get(1).facts).toEqual({ ...facts, argv: ['a␀b', '�', '"\\', 'ü🙂'] });
    expect(await opened.audit.verify()).toMatchObject({ isWhole: true, events: 1, isSigned: true });
  });

  it('bounds what untrusted programs make long', () => {
    const argv = Array.from({ length: 10_000 }, () => 'x'.repeat(1_000));
    opened.audit.record(entry({ summary: 'x'.repeat(100_000), facts: { argv } }));
    const event = opened.audit.get(1);
    expect(event.summary.length).toBeLessThanOrEqual(500);
    expect(event.facts.isCut).toBe(true);
    expect(JSON.stringify(event).length).toBeLessThan(200_000);
  });

  it('refuses changes and removals in its tables', () => {
    opened.audit.record(entry());
    const db = new Sqlite(opened.paths.file);
    expect(() => db.exec("UPDATE events SET summary = 'other'")).toThrow('only appended');
    expect(() => db.exec('DELETE FROM events')).toThrow('only appended');
    db.close();
  });

  it('lets only its own user read it', () => {
    opened.audit.record(entry());
    opened.audit.keepOutput(Buffer.from('x'));
    for (const path of [opened.paths.file, `${opened.paths.file}-wal`, opened.paths.witnessFile])
      expect(statSync(path).mode & 0o077).toBe(0);
    expect(statSync(opened.paths.outputsDirectory).mode & 0o077).toBe(0);
  });

  it('refuses where its folder cannot be made, and goes on when it can', () => {
    const unblock = opened.block();
    expect(refusalOf(() => opened.audit.record(entry())).code).toBe('audit.unwritable');
    expect(refusalOf(() => opened.audit.keepOutput(Buffer.from('x'))).code).toBe('audit.unwritable');
    unblock();
    expect(opened.audit.record(entry())).toBe(1);
  });

  it('refuses while another program holds the database, and goes on after', { timeout: 20_000 }, () => {
    opened.audit.record(entry());
    const other = new Sqlite(opened.paths.file);
    other.exec('BEGIN EXCLUSIVE');
    expect(refusalOf(() => opened.audit.record(entry())).code).toBe('audit.unwritable');
    other.exec('ROLLBACK');
    other.close();
    expect(opened.audit.record(entry())).toBe(2);
  });

  it('refuses without its key, saying why', () => {
    const cause = new FarhandError('secret.key_unreadable', { message: 'No key.', hint: 'Bring it.' });
    opened.audit.signWith(() => {
      throw cause;
    });
    const refusal = refusalOf(() => opened.audit.record(entry()));
    expect(refusal).toMatchObject({ code: 'audit.unwritable', hint: 'Bring it.' });
    expect(refusal.message).toContain('No key.');
  });

  it('keeps ends until they can be written, in order', () => {
    const unblock = opened.block();
    opened.audit.recordLater(entry({ kind: 'exit', summary: 'first' }));
    opened.audit.recordLater(entry({ kind: 'exit', summary: 'second' }));
    unblock();
    expect(opened.audit.record(entry())).toBe(3);
    expect([1, 2].map((seq) => opened.audit.get(seq).summary)).toEqual(['first', 'second']);
  });

  it('records nothing any more once it is closed', () => {
    opened.audit.close();
    expect(refusalOf(() => opened.audit.record(entry())).code).toBe('audit.unwritable');
  });

  it('keeps an output once, by the SHA-256 of its bytes', async () => {
    const bytes = Buffer.from('a\nb\n'.repeat(1000));
    const hash = opened.audit.keepOutput(bytes);
    expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(opened.audit.keepOutput(bytes)).toBe(hash);
    expect(opened.keptHashes()).toEqual([hash]);
    expect(statSync(join(opened.paths.outputsDirectory, hash)).size).toBeLessThan(bytes.byteLength);
    expect(await opened.audit.output({ hash, offset: 2, limit: 3 })).toEqual({
      text: 'b\na',
      totalBytes: 4000,
      isRemoved: false,
    });
  });
});

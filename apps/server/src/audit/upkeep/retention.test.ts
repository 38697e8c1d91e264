import Sqlite from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkExport, exported } from '../testing/export-check.ts';
import { fillLog } from '../testing/filled-log.ts';
import { entry, type OpenedAudit, openTestAudit } from '../testing/open-audit.ts';

const DAY_MS = 24 * 60 * 60_000;

let nowMs: number;
let opened: OpenedAudit;
beforeEach(() => {
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  opened = openTestAudit(() => nowMs);
});
afterEach(() => opened.remove());

const person = { kind: 'page', name: null } as const;
const check = () => checkExport(exported(opened), opened.signer);

function fill(count: number): void {
  for (let index = 0; index < count; index += 1) {
    nowMs += DAY_MS;
    opened.audit.record(entry({ summary: `event ${index}` }));
  }
}

describe('retention', () => {
  it('removes nothing where nothing is set', async () => {
    fill(5);
    await opened.audit.upkeep();
    expect(opened.audit.get(1).summary).toBe('event 0');
  });

  it('removes what is too old, with its outputs, and the rest is whole', async () => {
    fill(3);
    const old = opened.audit.keepOutput(Buffer.from('old'));
    const shared = opened.audit.keepOutput(Buffer.from('shared'));
    opened.audit.record(entry({ output: old }));
    opened.audit.record(entry({ output: shared }));
    fill(3);
    opened.audit.record(entry({ output: shared }));
    opened.audit.setSettings({ retentionDays: 2 }, person);
    await opened.audit.upkeep();
    expect(() => opened.audit.get(5)).toThrow('no such event');
    expect(opened.keptHashes()).toEqual([shared]);
    const verdict = await opened.audit.verify();
    expect(verdict).toMatchObject({ isWhole: true, problems: [], first: 6 });
    const events = await opened.events({ kinds: ['cut', 'setting'] });
    expect(events.map(({ kind, actor }) => [kind, actor.kind])).toEqual([
      ['setting', 'page'],
      ['cut', 'server'],
    ]);
    expect(events[1]?.facts).toMatchObject({ days: 2, events: 5, upTo: 5 });
    expect(await check()).toMatchObject({ isWhole: true, first: 6 });
  });

  it('cuts again and again, also after a restart', async () => {
    opened.audit.setSettings({ retentionDays: 1 }, person);
    for (let round = 0; round < 4; round += 1) {
      fill(3);
      await opened.reopen().upkeep();
      expect(await opened.audit.verify()).toMatchObject({ isWhole: true, problems: [] });
    }
    expect((await opened.audit.verify()).first).toBeGreaterThan(10);
  });

  it('is not faked by somebody without the key', async () => {
    fill(6);
    opened.audit.close();
    const db = new Sqlite(opened.paths.file);
    db.exec("INSERT INTO cuts SELECT seq, hash, 'x' FROM events WHERE seq = 3");
    db.exec('DELETE FROM events WHERE seq <= 3');
    db.close();
    expect((await opened.reopen().verify()).problems.map(({ text }) => text)).toContain(
      'The cut up to event 3 is not signed by this server.',
    );
    expect((await check()).isWhole).toBe(false);
  });

  it('goes on part by part, and others have their turn between', async () => {
    opened.remove();
    opened = openTestAudit(() => nowMs);
    fillLog(opened, { events: 5_000, firstAtMs: nowMs - 10 * DAY_MS });
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    opened.audit.setSettings({ retentionDays: 5 }, person);
    await opened.audit.upkeep();
    isDone = true;
    expect(turns).toBeGreaterThan(3);
    const cuts = await opened.events({ kinds: ['cut'] });
    expect(cuts.map(({ facts }) => [facts.events, facts.upTo])).toEqual([[5_000, 5_000]]);
    expect(await opened.audit.verify()).toMatchObject({ isWhole: true, first: 5_001 });
  });
});

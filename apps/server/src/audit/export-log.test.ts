import { createRandom } from '@farhand/shared/testing/random';
import Sqlite from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportLog } from './export-log.ts';
import { createSigner } from './signature.ts';
import { checkExport, exported } from './testing/export-check.ts';
import { fillLog } from './testing/filled-log.ts';
import { entry, type OpenedAudit, openTestAudit } from './testing/open-audit.ts';

const DAY_MS = 24 * 60 * 60_000;

let nowMs = Date.parse('2026-01-01T00:00:00Z');
let opened: OpenedAudit;
beforeEach(() => {
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  opened = openTestAudit(() => nowMs);
});
afterEach(() => opened.remove());

const lines = (since: string | null = null) => exported(opened, since);

const check = (texts: readonly string[], signer: typeof opened.signer | null = opened.signer) =>
  checkExport(texts, signer);

function fill(count: number): void {
  for (let index = 0; index < count; index += 1) {
    nowMs += DAY_MS;
    opened.audit.record(
      entry({ summary: `event ${index}`, facts: { argv: ['ü', index], b: { z: 1, a: 2 } } }),
    );
  }
}

it('a look at the log leaves nothing behind that holds back its writer', async () => {
  fill(3);
  lines();
  await opened.audit.verify();
  fill(3);
  const db = new Sqlite(opened.paths.file);
  // 0: all that was written beside the log could be brought into it.
  expect(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').raw().get()).toEqual([0, 0, 0]);
  db.close();
});

describe('an export', () => {
  it('has every event, and is found whole without the log', async () => {
    fillLog(opened, { events: 1_200, firstAtMs: nowMs });
    fill(3);
    const texts = lines();
    expect(texts).toHaveLength(1_205);
    expect(await check(texts)).toMatchObject({ isWhole: true, problems: [], events: 1_203, first: 1 });
    expect(await check(texts, null)).toMatchObject({ isWhole: true, isSigned: false });
  });

  it('begins at a time, and is found whole from there on', async () => {
    fill(10);
    const texts = lines('2026-01-06T12:00:00Z');
    expect(await check(texts)).toMatchObject({ isWhole: true, events: 5, first: 6 });
    expect(await check(lines('2027-01-01T00:00:00Z'))).toMatchObject({ isWhole: true, events: 0 });
  });

  it('is of one moment while the log is written to', async () => {
    fill(3);
    const going = exportLog(opened.paths.file, null);
    const texts = [JSON.stringify(going.next().value)];
    fill(3);
    for (const line of going) texts.push(JSON.stringify(line));
    expect(await check(texts)).toMatchObject({ isWhole: true, events: 3 });
  });

  it('is found changed whatever line is removed, doubled, changed or exchanged', async () => {
    fill(20);
    const texts = lines();
    const random = createRandom(4);
    for (let round = 0; round < 200; round += 1) {
      const at = random.below(texts.length);
      const other = (at + 1 + random.below(texts.length - 1)) % texts.length;
      const changed = [...texts];
      const way = random.below(4);
      if (way === 0) changed.splice(at, 1);
      if (way === 1) changed.splice(at, 0, texts[other] as string);
      if (way === 2) changed[at] = (texts[at] as string).replace(/[0-9a-f]{3}|1/, 'fff0');
      if (way === 3) [changed[at], changed[other]] = [texts[other] as string, texts[at] as string];
      expect((await check(changed)).isWhole, `round ${round}: way ${way} at ${at}, ${other}`).toBe(false);
    }
  });

  it('is found cut off, and signed by another one', async () => {
    fill(4);
    const texts = lines();
    expect((await check(texts.slice(0, -2))).problems[0]?.text).toContain('its end is missing');
    const stranger = createSigner(Buffer.alloc(32, 1));
    expect((await check(texts, stranger)).problems[0]?.text).toContain('not signed by this server');
    expect((await check(['no json'])).isWhole).toBe(false);
    expect((await check([])).isWhole).toBe(false);
  });
});

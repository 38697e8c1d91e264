import { createRandom } from '@farhand/shared/testing/random';
import Sqlite from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportLog } from './export-log.ts';
import { createSigner } from './signature.ts';
import { entry, type OpenedAudit, openTestAudit } from './testing/open-audit.ts';
import { verifyExport } from './verify/verify-export.ts';

const DAY_MS = 24 * 60 * 60_000;

let nowMs = Date.parse('2026-01-01T00:00:00Z');
let opened: OpenedAudit;
beforeEach(() => {
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  opened = openTestAudit(() => nowMs);
});
afterEach(() => opened.remove());

const lines = (since: string | null = null) =>
  [...exportLog(opened.paths.file, since)].map((line) => JSON.stringify(line));

async function* each(texts: readonly string[]) {
  yield* texts;
}

const check = (texts: readonly string[], signer: typeof opened.signer | null = opened.signer) =>
  verifyExport(each(texts), signer);

function fill(count: number): void {
  for (let index = 0; index < count; index += 1) {
    nowMs += DAY_MS;
    opened.audit.record(
      entry({ summary: `event ${index}`, facts: { argv: ['ü', index], b: { z: 1, a: 2 } } }),
    );
  }
}

describe('an export', () => {
  it('has every event, and is found whole without the log', async () => {
    fill(1_203);
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

describe('retention', () => {
  const person = { kind: 'page', name: null } as const;

  it('removes nothing where nothing is set', () => {
    fill(5);
    opened.audit.cutOld();
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
    opened.audit.setSettings({ retentionDays: 2, keepsStreams: true }, person);
    expect(() => opened.audit.get(5)).toThrow('no such event');
    expect(opened.audit.outputs.hashes()).toEqual([shared]);
    const verdict = await opened.audit.verify();
    expect(verdict).toMatchObject({ isWhole: true, problems: [], first: 6 });
    const { events } = await opened.audit.search({ ...ALL, kinds: ['cut', 'setting'] });
    expect(events.map(({ kind, actor }) => [kind, actor.kind])).toEqual([
      ['cut', 'server'],
      ['setting', 'page'],
    ]);
    expect(events[0]?.facts).toMatchObject({ days: 2, events: 5, upTo: 5 });
    expect(await check(lines())).toMatchObject({ isWhole: true, first: 6 });
  });

  it('cuts again and again, also after a restart', async () => {
    opened.audit.setSettings({ retentionDays: 1, keepsStreams: true }, person);
    for (let round = 0; round < 4; round += 1) {
      fill(3);
      opened.reopen().cutOld();
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
    expect((await check(lines())).isWhole).toBe(false);
  });
});

const ALL = {
  text: '',
  kinds: [],
  hostId: null,
  workspaceId: null,
  sessionId: null,
  actor: null,
  since: null,
  until: null,
  exit: null,
  before: null,
  after: null,
  limit: 100,
};

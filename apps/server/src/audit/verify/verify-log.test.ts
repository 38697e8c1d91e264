import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, type Random } from '@farhand/shared/testing/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditPaths, auditPaths } from '../audit-paths.ts';
import { createOutputStore } from '../outputs/output-store.ts';
import { createSigner } from '../signature.ts';
import { entry, type OpenedAudit, openTestAudit, TEST_KEY } from '../testing/open-audit.ts';
import { TAMPERINGS, tamper } from '../testing/tampering.ts';
import { verifyLog } from './verify-log.ts';

const ROUNDS = 8;
const EVENTS = 25;

describe('looking at the whole log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-tamper-'));
  const random = createRandom(20);
  let whole: OpenedAudit;

  beforeAll(() => {
    whole = openTestAudit();
    for (let index = 0; index < EVENTS; index += 1) {
      const output = index % 5 === 0 ? whole.audit.keepOutput(Buffer.from(`said ${index}`)) : null;
      whole.audit.record(entry({ summary: `event ${index}`, facts: { argv: ['a', index] }, output }));
    }
    whole.audit.close();
  });
  afterAll(() => {
    whole.remove();
    rmSync(folder, { recursive: true });
  });

  const copy = (name: string): AuditPaths => {
    const from = join(whole.paths.witnessFile, '..', '..');
    const to = join(folder, name.replaceAll(' ', '-'));
    cpSync(from, to, { recursive: true });
    return auditPaths({ dataDirectory: join(to, 'data'), keyFile: join(to, 'config', 'key') });
  };
  const look = (paths: AuditPaths) =>
    verifyLog({ paths, signer: createSigner(TEST_KEY), outputs: createOutputStore(paths.outputsDirectory) });

  it('finds nothing in one that nobody touched', async () => {
    const verdict = await look(copy('untouched'));
    expect(verdict).toMatchObject({ isWhole: true, problems: [], events: EVENTS, outputs: 5, first: 1 });
    expect(verdict.head?.seq).toBe(EVENTS);
  });

  it.each(Object.entries(TAMPERINGS))('finds that %s', async (name, tampering) => {
    let isSameEachTime = true;
    const chance: Random = {
      ...random,
      below: (limit) => ((isSameEachTime = false), random.below(limit)),
      shuffled: (values) => ((isSameEachTime = false), random.shuffled(values)),
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const paths = copy(`${name} ${round}`);
      tamper(paths, tampering, chance);
      const verdict = await look(paths);
      expect(verdict.isWhole, `round ${round}`).toBe(false);
      expect(verdict.problems.length).toBeGreaterThan(0);
      if (isSameEachTime) return;
    }
  });

  it('says which event it is', async () => {
    const paths = copy('said');
    tamper(paths, ({ db }) => db.exec("UPDATE events SET summary = 'harmless' WHERE seq = 7"), random);
    expect((await look(paths)).problems).toEqual([
      { seq: 7, text: 'Event 7 was changed: its content has another hash.' },
    ]);
  });

  it('says that the whole log is gone', async () => {
    const paths = copy('gone');
    for (const end of ['', '-wal', '-shm']) rmSync(`${paths.file}${end}`, { force: true });
    expect((await look(paths)).problems).toEqual([
      { seq: 25, text: 'The log is missing, but its witness saw event 25.' },
    ]);
  });

  it('finds most without the key, and says that it had none', async () => {
    const paths = copy('keyless');
    tamper(paths, ({ db }) => db.exec('DELETE FROM events WHERE seq = 9'), random);
    const outputs = createOutputStore(paths.outputsDirectory);
    const verdict = await verifyLog({ paths, signer: null, outputs });
    expect(verdict).toMatchObject({ isWhole: false, isSigned: false });
    expect(verdict.problems[0]).toEqual({ seq: 10, text: 'Event 9 is missing.' });
  });

  it('finds what was done before a server went on with it', async () => {
    for (const name of [
      'the end is removed',
      'one is added at the end',
      'all is removed',
      'the head is removed',
    ]) {
      const paths = copy(`again ${name}`);
      tamper(paths, TAMPERINGS[name] as (typeof TAMPERINGS)[string], random);
      const again = openTestAudit(undefined, join(paths.witnessFile, '..', '..'));
      const seq = again.audit.record(entry({ summary: 'after' }));
      // The number after the highest that was ever given, and after the one that tells of the damage.
      expect(seq).toBeGreaterThanOrEqual(EVENTS + 2);
      const verdict = await again.audit.verify();
      expect(verdict.isWhole).toBe(false);
      expect(verdict.problems.map(({ text }) => text).join('\n')).toContain('found the log damaged');
      again.audit.close();
    }
  });
});

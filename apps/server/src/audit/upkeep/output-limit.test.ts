import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillLog } from '../testing/filled-log.ts';
import { entry, type OpenedAudit, openTestAudit } from '../testing/open-audit.ts';

const person = { kind: 'page', name: null } as const;
// What cannot be packed, so that each takes two blocks of the disk.
const OUTPUT_BYTES = 6_000;
const DISK_BYTES = 8_192;

let opened: OpenedAudit;
beforeEach(() => {
  opened = openTestAudit();
});
afterEach(() => opened.remove());

function keep(count: number): string[] {
  return Array.from({ length: count }, () => {
    const output = opened.audit.keepOutput(randomBytes(OUTPUT_BYTES));
    opened.audit.record(entry({ kind: 'exit', output }));
    return output;
  });
}

/** The same at once, for a log that is not opened yet: without a disk to wait for at each. */
function fillWithOutputs(count: number): string[] {
  const { outputsDirectory } = opened.paths;
  mkdirSync(outputsDirectory, { recursive: true });
  const hashes = Array.from({ length: count }, () => {
    const bytes = randomBytes(OUTPUT_BYTES);
    const hash = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(outputsDirectory, hash), gzipSync(bytes));
    return hash;
  });
  fillLog(opened, { events: count, firstAtMs: Date.now(), output: (seq) => hashes[seq - 1] ?? null });
  return hashes;
}

const limitTo = async (outputs: number) => {
  opened.audit.setSettings({ maxOutputBytes: outputs * DISK_BYTES }, person);
  await opened.audit.upkeep();
};

describe('the limit of kept outputs', () => {
  it('is not reached by a new log', async () => {
    expect(opened.audit.settings().maxOutputBytes).toBe(5 * 1024 ** 3);
    const hashes = keep(3);
    await opened.audit.upkeep();
    expect(opened.keptHashes().toSorted()).toEqual(hashes.toSorted());
  });

  it('removes the oldest first, and the log says so and is whole', async () => {
    const hashes = fillWithOutputs(130);
    await limitTo(20);
    expect(opened.keptHashes().toSorted()).toEqual(hashes.slice(112).toSorted());
    const [cut] = await opened.events({ kinds: ['cut'] });
    expect(cut).toMatchObject({
      actor: { kind: 'server' },
      facts: { outputsUpTo: 112, outputs: 112, freedBytes: 112 * DISK_BYTES },
    });
    expect(opened.audit.get(1).output).toBe(hashes[0]);
    expect(await opened.audit.verify()).toMatchObject({
      isWhole: true,
      problems: [],
      outputs: 18,
      removedOutputs: 112,
    });
  });

  it('counts what comes, without being asked', async () => {
    await limitTo(10);
    const hashes = keep(11);
    await expect.poll(() => opened.keptHashes()).toHaveLength(9);
    expect(opened.keptHashes()).not.toContain(hashes[0]);
    expect(opened.keptHashes()).toContain(hashes[10]);
  });

  it('keeps an old output that a newer event has too, and one that came again', async () => {
    const [shared = '', gone = ''] = [opened.audit.keepOutput(randomBytes(OUTPUT_BYTES)), keep(1)[0]];
    opened.audit.record(entry({ output: shared }));
    keep(10);
    opened.audit.record(entry({ output: shared }));
    await limitTo(5);
    expect(opened.keptHashes()).toContain(shared);
    expect(opened.keptHashes()).not.toContain(gone);
    expect(await opened.audit.verify()).toMatchObject({ isWhole: true });
    expect(await opened.audit.output({ hash: gone, offset: 0, limit: 10 })).toEqual({
      text: '',
      totalBytes: 0,
      isRemoved: true,
    });
  });

  it('is told apart from an output that somebody took away or changed', async () => {
    const hashes = keep(20);
    await limitTo(10);
    const [removed = '', taken = '', changed = ''] = [hashes[0], hashes[18], hashes[19]];
    const fileOf = (hash: string) => join(opened.paths.outputsDirectory, hash);
    rmSync(fileOf(taken));
    writeFileSync(fileOf(changed), gzipSync('something else'));
    // One that was removed, but is there again with other content.
    writeFileSync(fileOf(removed), gzipSync('something else'));
    const texts = (await opened.audit.verify()).problems.map(({ text }) => text);
    expect(texts.toSorted()).toEqual([
      'The output of event 1 was changed.',
      'The output of event 19 is missing.',
      'The output of event 20 was changed.',
    ]);
    await expect(opened.audit.output({ hash: taken, offset: 0, limit: 10 })).rejects.toMatchObject({
      code: 'audit.not_found',
    });
  });

  it('finds after a restart what a killed server left, and what no event has', async () => {
    const hashes = keep(20);
    const left = opened.audit.keepOutput(Buffer.from('no event has this'));
    await limitTo(10);
    const fileOf = (hash: string) => join(opened.paths.outputsDirectory, hash);
    // As if it had been killed before these were removed.
    for (const hash of hashes.slice(0, 3)) writeFileSync(fileOf(hash), randomBytes(OUTPUT_BYTES));
    await opened.reopen().upkeep();
    expect(opened.keptHashes()).not.toContain(left);
    keep(1);
    await opened.audit.upkeep();
    for (const hash of hashes.slice(0, 3)) expect(opened.keptHashes()).not.toContain(hash);
    expect(await opened.audit.verify()).toMatchObject({ isWhole: true, problems: [] });
  });
});

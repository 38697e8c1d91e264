import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationListeners } from '../store/program-schema.ts';
import { OperationBench, TOKEN_KEY } from './testing/operation-bench.ts';
import { createOperationTokens } from './token.ts';

/** As it was when all sessions of a workspace had one folder. */
const EARLIER_LISTENER = `
cd -- "$1" || exit 66
exec 3<>wake || exit 66
while :; do
  for file in requests/[acq]*; do
    [ -f "$file" ] || continue
    printf '%s %s %s\\n' "\${file#requests/}" "$(date +%s)" "$(tr -cd 'a-z0-9_. ' <"$file")"
    rm -f -- "$file"
  done
  dd bs=512 count=1 <&3 >/dev/null 2>&1
done
`;
const CONFIG = `
[operations.say]
host = "$HOST"
argv = ["sh", "-c", "echo \\"$0\\" | tee -a said", "{word}"]
ask = false
parameters.word = {}
`;

let bench: OperationBench;
beforeAll(async () => {
  bench = await OperationBench.start();
  bench.define(CONFIG);
}, 60_000);
afterAll(() => bench.stop());

const hex = (text: string) => `x${Buffer.from(text).toString('hex')}`;

describe('a workspace of an earlier version', { timeout: 60_000 }, () => {
  it('is heard from now on, and what was asked there before is answered', async () => {
    const shop = await bench.makeWorkspace('one');
    const sessionId = bench.session(shop);
    const folder = join(bench.sshd.home, '.farhand/operations', shop.id);
    for (const name of ['bin', 'requests', 'replies']) mkdirSync(join(folder, name), { recursive: true });
    execFileSync('mkfifo', [join(folder, 'wake')]);
    const jobId = newId('job');
    const { jobs } = bench.bench.runtime;
    const argv = ['sh', '-c', EARLIER_LISTENER, 'farhand-op-listener', folder] as const;
    await jobs.start({ id: jobId, command: { argv }, cwd: bench.sshd.home, label: shop.id });
    bench.bench.db
      .insert(operationListeners)
      .values({ workspaceId: shop.id, hostId: bench.hostId, jobId })
      .run();
    const token = createOperationTokens(() => TOKEN_KEY).make({ workspaceId: shop.id, sessionId });
    const id = '00000000000000000001';
    // Printed while no server was there.
    writeFileSync(join(folder, 'requests', `q${id}`), `${token} ${hex('say')} ${hex('word=earlier')}`);
    writeFileSync(join(folder, 'wake'), '\n');
    await expect.poll(async () => (await jobs.get(jobId)).outBytes).toBeGreaterThan(0);

    // The store has no room for the new one at first.
    const { db } = bench.bench;
    db.run(
      sql.raw(
        `CREATE TRIGGER full BEFORE UPDATE ON operation_listeners BEGIN SELECT RAISE(ABORT, 'no'); END`,
      ),
    );
    bench.restartAll();
    await expect.poll(() => bench.warned, { timeout: 10_000 }).toContain('operation_listener.failed');
    db.run(sql.raw('DROP TRIGGER full'));
    const reply = join(folder, 'replies', id);
    await expect.poll(() => existsSync(reply), { timeout: 20_000 }).toBe(true);
    expect([readFileSync(reply, 'utf8'), readFileSync(`${reply}.out`, 'utf8')]).toEqual(['0\n', 'earlier\n']);
    // No session begins that would want one: it is replaced all the same.
    const own = join(folder, sessionId);
    for (const name of ['requests', 'replies']) mkdirSync(join(own, name), { recursive: true });
    const next = '00000000000000000002';
    writeFileSync(join(own, 'requests', `q${next}`), `${token} ${hex('say')} ${hex('word=still')}`);
    const wake = openSync(join(folder, 'wake'), 'r+');
    writeSync(wake, `\n${sessionId}\n`);
    await expect.poll(() => existsSync(join(own, 'replies', next)), { timeout: 10_000 }).toBe(true);
    closeSync(wake);
    const now = await bench.run(shop, sessionId, 'farhand-op say word=now');
    expect(now).toMatchObject({ status: 0, out: 'now\n' });
    expect((await jobs.list(shop.id)).map((one) => one.id)).not.toContain(jobId);

    // It is told once, and the one of now is no other's.
    bench.restartAll();
    expect(await bench.run(shop, sessionId, 'farhand-op say word=later')).toMatchObject({ out: 'later\n' });
    expect(readFileSync(join(bench.sshd.home, 'said'), 'utf8')).toBe('earlier\nstill\nnow\nlater\n');
    expect(readdirSync(folder).toSorted()).toEqual(
      ['bin', 'replies', 'requests', 'taken', 'wake', sessionId].toSorted(),
    );
  });
});

import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenerPid } from './testing/listener-pid.ts';
import { OperationBench } from './testing/operation-bench.ts';

const CONFIG = `
[operations.say]
host = "$HOST"
argv = ["echo", "{word}"]
ask = false
parameters.word = {}
`;

let bench: OperationBench;
let shop: Workspace & { directory: string };
beforeAll(async () => {
  bench = await OperationBench.start();
  bench.define(CONFIG);
  shop = await bench.makeWorkspace('one');
}, 60_000);
afterAll(() => bench.stop());

const spool = (...names: string[]) => join(bench.sshd.home, '.farhand/operations', shop.id, ...names);
const name = (count: number) => `q${count.toString(16).padStart(20, '0')}`;

/** Whether another session is heard, several times, while this is done over and over. */
async function heardDuring(attack: string): Promise<number[]> {
  const attacker = await bench.begin(
    shop,
    bench.session(shop),
    `cd "$FARHAND_OP_FOLDER"; echo begun >../begun; ${attack}`,
  );
  await expect.poll(() => readdirSync(spool())).toContain('begun');
  const theirs = bench.session(shop);
  const script = 'for word in 1 2 3; do farhand-op say word=$word || exit; done';
  const { out } = await bench.run(shop, theirs, script);
  await attacker.signal('SIGKILL');
  await attacker.ended;
  return out.split('\n').filter(Boolean).map(Number);
}
const ALL = [1, 2, 3];

describe('an agent that wants no other to be heard', { timeout: 60_000 }, () => {
  it('wakes without end', async () => {
    expect(await heardDuring('while :; do yes garbage 1<>../wake; done')).toEqual(ALL);
  });

  it('takes every wake away', async () => {
    expect(await heardDuring('while :; do cat ../wake; done >/dev/null')).toEqual(ALL);
  });

  it('exchanges its requests for pipes and links at every moment', async () => {
    writeFileSync(join(bench.sshd.home, 'private'), 'canaryprivate8841');
    const attack = `
      swap() {
        file=requests/$1
        while :; do
          : >"$file"; printf '\\n%s\\n' "\${FARHAND_OP_FOLDER##*/}" 1<>../wake
          mkfifo p$1; mv -f p$1 "$file"
          ln -s "$HOME/private" l$1; mv -f l$1 "$file"
        done
      }
      for at in 1 2 3 4; do swap "q0000000000000000000$at" & done
      wait`;
    expect(await heardDuring(attack)).toEqual(ALL);
    for (const { id } of await bench.bench.runtime.jobs.list(shop.id)) {
      const { bytes } = await bench.bench.runtime.jobs.read(id, 'out', 0);
      expect(Buffer.from(bytes).toString()).not.toContain('canaryprivate');
    }
  });

  it('leaves thousands of requests', async () => {
    const session = bench.session(shop);
    await bench.run(shop, session, 'true');
    for (let count = 0; count < 5000; count += 1)
      writeFileSync(spool(session, 'requests', name(count)), 'x'.repeat(5000));
    expect(
      await bench.run(shop, session, `printf '\\n%s\\n' ${session} 1<>"$FARHAND_OP_FOLDER/../wake"`),
    ).toMatchObject({
      status: 0,
    });
    expect(await bench.run(shop, bench.session(shop), 'farhand-op say word=heard')).toMatchObject({
      out: 'heard\n',
    });
    // Of those it was not the turn yet.
    expect(readdirSync(spool(session, 'requests')).length).toBeGreaterThan(3000);
  });

  it('makes thousands of folders, and links for folders', async () => {
    const [linked, requests] = [newId('session'), newId('session')];
    const elsewhere = join(bench.sshd.home, 'elsewhere');
    mkdirSync(join(elsewhere, 'requests'), { recursive: true });
    writeFileSync(join(elsewhere, 'requests', name(1)), 'canaryelsewhere');
    symlinkSync(elsewhere, spool(linked));
    mkdirSync(spool(requests));
    symlinkSync(join(elsewhere, 'requests'), spool(requests, 'requests'));
    const folders = Array.from({ length: 3000 }, () => newId('session'));
    for (const one of folders) mkdirSync(spool(one, 'requests'), { recursive: true });
    writeFileSync(spool('ses_..'), '');
    mkdirSync(spool('ses_;id;'));
    const unknown = Array.from({ length: 2000 }, () => newId('session'));
    const wakes = [linked, requests, ...folders.slice(0, 20), ...unknown].join('\\n');
    const attack = `while :; do printf '\\n${wakes}\\n\\n../..\\nses_..\\n' 1<>../wake; done`;
    expect(await heardDuring(attack)).toEqual(ALL);
    expect(readdirSync(join(elsewhere, 'requests'))).toEqual([name(1)]);
    // A listener that begins anew looks at them all, but at no more than that.
    process.kill(listenerPid(spool()), 'SIGKILL');
    expect(await bench.run(shop, bench.session(shop), 'farhand-op say word=anew')).toMatchObject({
      out: 'anew\n',
    });
  });
});

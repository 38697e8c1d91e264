import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTree, mutate, randomFrom, type TestTree } from '../testing/tree.ts';
import { applyMoment, CHECKPOINT_LIMITS, type FilesPlace, takeMoment } from './files-at.ts';

let sshd: TestSshd;
let runtime: Runtime;
let tree: TestTree;

beforeAll(async () => {
  sshd = await startSshd();
  runtime = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
});
afterAll(async () => {
  await runtime.close();
  await sshd.stop();
});
beforeEach(() => {
  tree = makeTree();
});
afterEach(() => tree.close());

describe('a checkpoint over ssh', () => {
  it.each([21, 22, 23])('puts back a random tree byte for byte (seed %i)', async (seed) => {
    const place: FilesPlace = { ...tree, runtime };
    const session = newId('session');
    const take = () =>
      takeMoment(place, {
        ref: `${session}/${newId('turn')}`,
        live: [session],
        old: [],
        limits: CHECKPOINT_LIMITS,
      });
    const random = randomFrom(seed);
    for (let count = 0; count < 40; count += 1) mutate(tree.directory, random);
    tree.git('add', '-A');
    for (let count = 0; count < 15; count += 1) mutate(tree.directory, random);
    const [before, index] = [tree.read(), tree.index()];
    const past = await take();
    for (let count = 0; count < 40; count += 1) mutate(tree.directory, random);
    tree.git('add', '-A');
    const changed = tree.read();
    const now = await take();
    await applyMoment(place, { now, past, isWhole: true });
    expect(tree.read()).toEqual(before);
    expect(tree.index()).toBe(index);
    await applyMoment(place, { now: await take(), past: now, isWhole: true });
    expect(tree.read()).toEqual(changed);
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { writeOldGit } from '../../workspaces/testing/old-git.ts';
import { makeTree } from '../testing/tree.ts';
import { applyMoment, CHECKPOINT_LIMITS, compareMoments, takeMoment } from './files-at.ts';

describe('a checkpoint on a host with git 2.20', () => {
  it('is taken, compared and gone back to', async () => {
    const tree = makeTree();
    const old = path.join(tree.folder, 'old');
    writeOldGit(old);
    const home = path.join(tree.folder, 'home');
    for (const name of ['.profile', '.bash_profile', '.zprofile'])
      writeFileSync(path.join(home, name), `export PATH='${old}':"$PATH"\n`);
    const runtime = createLocalRuntime({ home, environment: { PATH: process.env.PATH } });
    const place = { ...tree, runtime };
    const session = newId('session');
    const take = () =>
      takeMoment(place, {
        ref: `${session}/${newId('turn')}`,
        live: [session],
        old: [],
        limits: CHECKPOINT_LIMITS,
      });
    const file = path.join(tree.directory, 'first.txt');
    const before = tree.read();
    const past = await take();
    writeFileSync(file, 'changed\n');
    tree.git('commit', '-qam', 'of the agent');
    const now = await take();
    expect(await compareMoments(place, { now, past, others: [] })).toMatchObject({
      lost: 1,
      files: [{ path: 'first.txt' }],
    });
    await applyMoment(place, { now, past, isWhole: true });
    expect(tree.read()).toEqual(before);
    expect(readFileSync(path.join(old, 'calls'), 'utf8')).toContain('read-tree');
    expect(existsSync(path.join(old, 'refused')) ? readFileSync(path.join(old, 'refused'), 'utf8') : '').toBe(
      '',
    );
    await runtime.close();
    tree.close();
  });
});

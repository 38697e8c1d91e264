import { type ProjectId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../testing/bench.ts';
import type { TestRepository } from '../testing/repository.ts';

let bench: Bench;
let shop: TestRepository;
let projectId: ProjectId;
let made: Workspace;
let former: string;

beforeEach(async () => {
  bench = openBench();
  shop = bench.repository();
  shop.write('former', 'what the host was not given\n');
  shop.commit('first');
  shop.git('rm', '-q', 'former');
  shop.write('README.md', '# Shop\n');
  shop.commit('second');
  former = shop.git('rev-parse', 'HEAD');
  ({ id: projectId } = await bench.projects.add(shop.path));
  made = await bench.make({ projectId, transfer: 'tree_only' });
});
afterEach(() => bench.close());

const run = async (script: string): Promise<string> => {
  const { stdout } = await bench.runtime.exec({ script }, { cwd: made.directory ?? '' });
  return new TextDecoder().decode(stdout).trim();
};
const COMMIT = 'export GIT_AUTHOR_NAME=e GIT_AUTHOR_EMAIL=e@e GIT_COMMITTER_NAME=e GIT_COMMITTER_EMAIL=e@e';

describe('an archive of a workspace that was sent without the history', () => {
  // Its root commit names the commit that it was made of; a restore would send all that an archive reaches.
  it('takes no commit whose parent the host was never given', async () => {
    const commit = await run(
      `printf 'tree %s\\nparent ${former}\\nauthor e <e@e> 1700000000 +0000\\ncommitter e <e@e> 1700000000 +0000\\n\\nx\\n' "$(git rev-parse 'HEAD^{tree}')" >c
       x=$(git hash-object -t commit -w --literally c); rm c
       echo "$x" >.git/shallow; git update-ref refs/heads/theft "$x"; echo "$x"`,
    );
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    await expect(bench.workspaces.archive(made.id)).rejects.toMatchObject({
      code: 'workspace.archive_refused',
      message: expect.stringContaining(former.slice(0, 12)),
    });
    expect(bench.workspaces.get(made.id)).toMatchObject({ state: 'ready', archive: null });
  });

  it('takes what was made there, also when it is archived again', async () => {
    for (const round of ['one', 'two']) {
      await run(
        `${COMMIT}; git commit -q --allow-empty -m ${round}; git tag -a -m ${round} ${round}; echo ${round} >new`,
      );
      await bench.workspaces.archive(made.id);
      bench.workspaces.restore(made.id);
      expect((await bench.until(made.id, ({ state }) => state !== 'creating')).state).toBe('ready');
    }
    expect(await run('git log --format=%s; cat new')).toMatch(/^two\none\nThe files of [0-9a-f]{40}\ntwo$/);
  });
});

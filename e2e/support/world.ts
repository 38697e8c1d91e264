import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelServer, startModelServer, TEST_MODEL } from '@farhand/shared/testing/model-server';
import { freePort, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { test as base } from '@playwright/test';
import { answer } from './agent-script.ts';
import { Farhand } from './farhand.ts';
import { makeRepository } from './repository.ts';

/** All that a journey plays in: a host, a model, a project, and a Farhand that knows them. */
export interface World {
  readonly folder: string;
  readonly sshd: TestSshd;
  /** Further hosts, which a journey adds by `addHost`. */
  readonly others: TestSshd[];
  readonly model: ModelServer;
  readonly farhand: Farhand;
  /** Path of a repository with a failing test. */
  readonly repository: string;
}

/** Playwright's `test` with a world of its own for each journey; a failed one tells what the server printed. */
export const test = base.extend<{ world: World }>({
  // Playwright reads the names out of the pattern: an empty one says that nothing else is needed.
  world: async ({}, use, info) => {
    const folder = mkdtempSync(join(tmpdir(), 'farhand-e2e-'));
    const sshd = await startSshd();
    const model = await startModelServer(answer);
    const environment = {
      FARHAND_SSH_CONFIG: sshd.sshConfigPath,
      FARHAND_MODEL_BASE_URL: model.url,
      FARHAND_MODEL: TEST_MODEL,
      FARHAND_MODEL_KEY: 'dummy-model-key',
    };
    const farhand = new Farhand(folder, environment, await freePort());
    await farhand.start();
    await farhand.setDefaultPolicy('never');
    const others: TestSshd[] = [];
    await use({ folder, sshd, others, model, farhand, repository: makeRepository(join(folder, 'shop')) });
    if (info.status !== info.expectedStatus) {
      await info.attach('farhand.log', { body: farhand.printed });
      await info.attach('sshd.log', { body: sshd.log() });
    }
    await farhand.stop();
    await model.close();
    for (const host of [sshd, ...others]) await host.stop();
    rmSync(folder, { recursive: true, force: true });
  },
});

export { expect } from '@playwright/test';

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { type DelayProxy, startDelayProxy } from '@farhand/shared/testing/delay-proxy';
import { type ModelServer, startModelServer, TEST_MODEL } from '@farhand/shared/testing/model-server';
import { freePort, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { Client } from '../support/client.ts';
import { Farhand } from '../support/farhand.ts';
import { makeRepository } from '../support/repository.ts';
import { answerOfAgents } from './agent-script.ts';
import { Page } from './page.ts';
import type { Tally } from './tally.ts';

/** All that a run plays in. */
export interface ChaosWorld {
  readonly folder: string;
  /** ssh's configuration that leads through the proxy; in the arguments of every ssh of this run. */
  readonly sshConfigPath: string;
  readonly sshd: TestSshd;
  readonly proxy: DelayProxy;
  readonly model: ModelServer;
  readonly farhand: Farhand;
  readonly client: Client;
  readonly page: Page;
  /** Where programs on the host say that they ran. */
  readonly runsFolder: string;
  createWorkspace(name: string): Promise<Workspace>;
  close(): Promise<void>;
}

/** An sshd behind a proxy, a model, a server, and a page that watches it. */
export async function openWorld(tally: Tally): Promise<ChaosWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-chaos-'));
  const sshd = await startSshd();
  const proxy = await startDelayProxy({ targetPort: sshd.port });
  const sshConfigPath = join(folder, 'ssh_config');
  const config = readFileSync(sshd.sshConfigPath, 'utf8');
  const through = `Port ${proxy.port}\n  HostKeyAlias [127.0.0.1]:${sshd.port}`;
  writeFileSync(sshConfigPath, config.replace(/Port \d+/, through));
  const model = await startModelServer(answerOfAgents);
  const environment = {
    FARHAND_SSH_CONFIG: sshConfigPath,
    FARHAND_MODEL_BASE_URL: model.url,
    FARHAND_MODEL: TEST_MODEL,
    FARHAND_MODEL_KEY: 'dummy-model-key',
  };
  const farhand = new Farhand(folder, environment, await freePort());
  await farhand.start();
  await farhand.setDefaultPolicy('never');
  const client = await Client.signIn(farhand.url);
  const page = new Page(client, tally);
  await page.open();
  const { project } = await client.call('project.add', { source: makeRepository(join(folder, 'shop')) });
  const runsFolder = join(sshd.home, 'chaos');
  mkdirSync(runsFolder);
  return {
    folder,
    sshConfigPath,
    sshd,
    proxy,
    model,
    farhand,
    client,
    page,
    runsFolder,
    async createWorkspace(name) {
      const host = sshd.alias;
      const wanted = { projectId: project.id, host, branch: 'main', name };
      const { workspace } = await client.call('workspace.create', wanted);
      const now = () => {
        const entity = page.entities.get(`workspace ${workspace.id}`);
        return entity?.kind === 'workspace' ? entity.value : workspace;
      };
      await page.until(() => now().state !== 'creating', `workspace ${name}`, AbortSignal.timeout(60_000));
      if (now().state !== 'ready') throw new Error(JSON.stringify(now().steps));
      return now();
    },
    async close() {
      page.close();
      await farhand.stop();
      await model.close();
      await proxy.stop();
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { freePort, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { Client } from '../e2e/support/client.ts';
import { Farhand } from '../e2e/support/farhand.ts';
import { untilReady } from '../e2e/support/ready.ts';
import { makeRepository } from '../e2e/support/repository.ts';
import { startFarHost } from './commands.ts';
import { elapsedMs, medianMs } from './measure.ts';
import { rssMiB } from './process.ts';
import { atMost, type Row } from './row.ts';
import { benchTerminal } from './terminal.ts';

const DELAY_MS = 50;
const FAR_ALIAS = 'far-away';

/** The built server: its start, its size, a workspace made over a distant host, and a terminal that floods. */
export async function benchServer(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-bench-'));
  const sshd = await startSshd();
  const far = await startFarHost(sshd, DELAY_MS);
  const config = join(folder, 'ssh_config');
  const farConfig = readFileSync(far.sshConfigPath, 'utf8').replace(
    `Host ${sshd.alias}`,
    `Host ${FAR_ALIAS}`,
  );
  writeFileSync(config, `${readFileSync(sshd.sshConfigPath, 'utf8')}\n${farConfig}`);
  const farhand = new Farhand(folder, { FARHAND_SSH_CONFIG: config }, await freePort());
  try {
    return [await start(farhand), ...(await idle(farhand)), ...(await inUse(farhand, sshd, folder))];
  } finally {
    await farhand.stop();
    await far.stop();
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start(farhand: Farhand): Promise<Row> {
  // The first start makes the database; what a person feels is the next one.
  await farhand.start();
  await farhand.stop();
  const bare = await elapsedMs(async () => execFileSync(process.execPath, ['-e', '']));
  const took = await elapsedMs(async () => {
    await farhand.start();
    const page = await fetch(new URL('/', farhand.url));
    await page.text();
  });
  return atMost(1.5, {
    name: 'start to the first answered page',
    value: took / 1000,
    unit: 's',
    baseline: `${bare.toFixed(0)} ms for node itself`,
  });
}

async function idle(farhand: Farhand): Promise<Row[]> {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const baseline = 'VmRSS after 3 s';
  return [atMost(150, { name: 'idle server', value: rssMiB(farhand.pid), unit: 'MiB', baseline })];
}

async function inUse(farhand: Farhand, sshd: TestSshd, folder: string): Promise<Row[]> {
  const client = await Client.signIn(farhand.url);
  const repository = makeRepository(join(folder, 'shop'));
  const { project } = await client.call('project.add', { source: repository });
  const make = (host: string, name: string) =>
    client.call('workspace.create', { projectId: project.id, host, branch: 'main', name });
  const cold = await untilReady(client, (await make(FAR_ALIAS, 'cold')).workspace.id);
  const creation = await warmCreation(client, sshd, (name) => make(FAR_ALIAS, name), cold);
  const near = await untilReady(client, (await make(sshd.alias, 'near')).workspace.id);
  return [creation, ...(await benchTerminal(farhand, client, near))];
}

async function warmCreation(
  client: Client,
  sshd: TestSshd,
  make: (name: string) => Promise<{ workspace: Workspace }>,
  pristine: Workspace,
): Promise<Row> {
  const clones: number[] = [];
  for (let run = 0; run < 5; run++) {
    const target = join(sshd.home, `clone-${run}`);
    clones.push(
      await elapsedMs(async () =>
        execFileSync('git', ['clone', '-q', '--no-local', pristine.directory ?? '', target]),
      ),
    );
  }
  const cloneMs = Math.min(...clones);
  const firstCommand = async (name: string) => {
    const { workspace } = await make(name);
    await untilReady(client, workspace.id);
    await client.call('workspace.exec', { workspaceId: workspace.id, argv: ['true'] });
  };
  const took = await medianMs(5, (run) => firstCommand(`warm ${run}`), 1);
  return atMost(5, {
    name: 'warm workspace to its first command, less `git clone`',
    value: (took - cloneMs) / DELAY_MS,
    unit: 'round trips',
    baseline: `${cloneMs.toFixed(0)} ms git clone there, ${took.toFixed(0)} ms ours, ${DELAY_MS} ms round trip`,
  });
}

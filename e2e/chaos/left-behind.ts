import { processesAt } from '@farhand/shared/testing/sshd';
import { commandLines } from '../support/processes.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { describeJob, jobFolders } from './job-files.ts';
import type { Tally } from './tally.ts';

const LOOK_EVERY_MS = 100;
const GONE_WITHIN_MS = 15_000;

/** Programs that were stopped, or whose workspace was deleted, end: each of these tags is in the arguments of one. */
export async function untilStopped(
  world: ChaosWorld,
  tally: Tally,
  tags: readonly string[],
  deadline: AbortSignal,
): Promise<void> {
  const left = () =>
    linesAt(world.sshd.home).filter((line) => tags.some((tag) => line.includes(`/chaos/${tag}"`)));
  while (left().length > 0 && !deadline.aborted)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  for (const line of left()) tally.problem('orphaned', 'stopped programs', line.slice(0, 200));
  for (const tag of tags) tally.stream('stops and deletes', tag.length);
}

/** Deletes every workspace, ends the server, and counts what is left on the host and here. */
export async function checkLeftBehind(world: ChaosWorld, tally: Tally): Promise<void> {
  const { client, farhand, sshd, page } = world;
  const { workspaces } = await client.call('workspace.list', {});
  for (const { id } of workspaces) await client.call('workspace.delete', { workspaceId: id, force: true });
  const isAllGone = () => [...page.entities.values()].every(({ kind }) => kind !== 'workspace');
  await page
    .until(isAllGone, 'the last workspace to go', AbortSignal.timeout(GONE_WITHIN_MS))
    .catch((error: unknown) => tally.problem('orphaned', 'workspaces', String(error)));
  page.close();
  await farhand.stop();
  const until = performance.now() + GONE_WITHIN_MS;
  const left = () => [...linesAt(sshd.home), ...sshLines(world)];
  while (left().length > 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  for (const line of left()) tally.problem('orphaned', 'processes', line.slice(0, 200));
  for (const name of jobFolders(sshd.home))
    tally.problem('orphaned', 'folders of jobs', describeJob(sshd.home, name));
  tally.fact('logins at the host', sshd.logins());
}

function linesAt(home: string): string[] {
  const pids = new Set(processesAt(home));
  return commandLines()
    .filter(({ pid }) => pids.has(pid))
    .map(({ pid, line }) => `${pid} ${line}`);
}

/** What is left here of servers that were killed. */
const sshLines = ({ sshConfigPath }: ChaosWorld): string[] =>
  commandLines()
    .filter(({ line }) => line.includes(sshConfigPath))
    .map(({ pid, line }) => `${pid} ${line}`);

/** The steps of a test that look at what a host has, once it has let us in. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostFacts, Runtime } from '@farhand/shared/runtime/port';
import { isBefore } from '../../host-agents/findings.ts';
import { unlessAborted, withDeadline } from '../../workspaces/deadline.ts';
import { askWhatItIs } from '../learned/learn.ts';
import { printableLine } from '../printable.ts';
import { askHost, readDisk, WRITE_AND_DISK } from './host-scripts.ts';
import type { TestRun } from './test-run.ts';

/** What works with a repository from here on. */
export const OLDEST_GIT = '2.20';

/** For a host to say what it is, start-up files included. */
const SHELL_TIMEOUT_MS = 30_000;

interface Place {
  /** Where workspaces are made; null for the usual folder. */
  readonly directory: string | null;
  readonly shellTimeoutMs?: number;
}

/** Runs them all; each is told by the run. */
export async function stepsThere(
  run: TestRun,
  runtime: Runtime,
  { directory, shellTimeoutMs = SHELL_TIMEOUT_MS }: Place,
): Promise<void> {
  const facts = await shellStep(run, runtime, shellTimeoutMs);
  if (facts === null) return;
  gitStep(run, facts);
  await writeAndDiskSteps(run, runtime, directory);
  await agentsStep(run, runtime);
}

async function shellStep(run: TestRun, runtime: Runtime, timeoutMs: number): Promise<HostFacts | null> {
  run.begin('shell');
  try {
    const asked = unlessAborted(runtime.facts(), run.signal);
    const facts = await withDeadline(asked, timeoutMs, runtime.hostId);
    run.name(printableLine(facts.hostname));
    const detail = printableLine(`${facts.user} on ${facts.hostname} (${facts.system}), home ${facts.home}`);
    run.end('shell', { state: 'ok', detail });
    return facts;
  } catch (thrown) {
    run.fail('shell', thrown);
    return null;
  }
}

function gitStep(run: TestRun, { gitVersion }: HostFacts): void {
  run.begin('git');
  if (gitVersion === null) return run.fail('git', new FarhandError('host.git_missing'));
  const isOld = isBefore(gitVersion, OLDEST_GIT);
  run.end('git', {
    state: isOld ? 'warning' : 'ok',
    detail: `git ${gitVersion}`,
    ...(isOld && { hint: `Update git there: ${OLDEST_GIT} or newer.` }),
  });
}

async function writeAndDiskSteps(run: TestRun, runtime: Runtime, directory: string | null): Promise<void> {
  run.begin('write_access');
  run.begin('disk');
  try {
    const told = await unlessAborted(askHost(runtime, WRITE_AND_DISK, [directory ?? '']), run.signal);
    const folder = told.get('folder') ?? '';
    const said = told.get('write') ?? '';
    const isFull = /No space left|quota/i.test(said);
    const disk = readDisk(told.get('disk'));
    if (said === 'ok') run.end('write_access', { state: 'ok', detail: `${folder} can be written` });
    else if (isFull) run.end('write_access', { state: 'skipped', detail: 'The disk is full: see there.' });
    else
      run.end('write_access', {
        state: 'failed',
        code: 'host.home_unwritable',
        detail: `${folder} cannot be written${reason(said)}`,
        hint: 'Give the host another working directory, or mend the permissions there.',
      });
    diskStep(run, isFull ? { state: 'failed', text: `The disk is full. ${disk?.text ?? ''}`.trim() } : disk);
  } catch (thrown) {
    run.fail('write_access', thrown);
    run.end('disk', { state: 'skipped' });
  }
}

function diskStep(run: TestRun, disk: ReturnType<typeof readDisk>): void {
  if (disk === null)
    return run.end('disk', { state: 'warning', detail: 'The host does not tell how much is free.' });
  const hint = 'Free some space there, or give the host a working directory on another disk.';
  run.end('disk', {
    state: disk.state,
    detail: disk.text,
    ...(disk.state !== 'ok' && { hint }),
    ...(disk.state === 'failed' && { code: 'disk.full' }),
  });
}

async function agentsStep(run: TestRun, runtime: Runtime): Promise<void> {
  run.begin('agents');
  try {
    const { agents } = await unlessAborted(askWhatItIs(runtime), run.signal);
    const names = agents.map(({ name, version }) => (version === null ? name : `${name} ${version}`));
    run.end('agents', {
      state: 'ok',
      detail: names.length > 0 ? names.join(', ') : 'None found. Farhand’s own agent needs nothing there.',
    });
  } catch (thrown) {
    run.fail('agents', thrown);
  }
}

const reason = (said: string) => {
  const last = said.split(': ').at(-1) ?? '';
  return last === '' ? '' : ` (${last})`;
};

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHost, type SandboxHost } from '../testing/hosts.ts';
import { BY_PERSON, placeAt, ran, sandboxesOf } from '../testing/sandbox-bench.ts';

// As a job that runs may do it: the place and a link change names, again and again.
const SWAPS = `my $place = shift; $| = 1; print "swaps\\n";
while (1) { rename $place, "$place.was"; rename "$place.trap", $place; rename $place, "$place.trap"; rename "$place.was", $place }`;

describe('a place in a folder that jobs write', { timeout: 120_000 }, () => {
  let host: SandboxHost;
  let place: string;

  beforeAll(async () => {
    host = await openHost('this machine');
    place = join(host.home, 'all results/shown here');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'file'), 'SHOWN');
    writeFileSync(join(host.home, 'all results/single'), 'SINGLE');
  });
  afterAll(() => host.close());

  const inside = () =>
    sandboxesOf(
      host.runtime,
      () => 'near',
      '[sandbox.profiles.near]\nwrite = ["~/all results"]\nread = ["~/all results/shown here", "~/all results/single", "~/all results/none"]',
    ).layer(host.runtime, placeAt(host.workspace), BY_PERSON);
  const look = async () =>
    await ran(
      inside(),
      {
        script: `cat '${place}/file' '${place}/../single' '${place}/id_ed25519'; echo "$#\${FARHAND_WITHIN-}"`,
      },
      { cwd: host.workspace },
    );

  it('is shown as it is, and leaves no trace in the environment', async () => {
    expect((await look()).out).toBe('SHOWNSINGLE0\n');
  });

  it('never leads elsewhere, however often it becomes a link while jobs start', async () => {
    symlinkSync(join(host.home, '.ssh'), `${place}.trap`);
    const swaps = spawn('perl', ['-e', SWAPS, place], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => swaps.once('exit', resolve));
    try {
      await new Promise((resolve) => swaps.stdout.once('data', resolve));
      for (let tries = 0; tries < 40; tries += 1) {
        const { out } = await look().catch(() => ({ out: '' }));
        expect(out).not.toContain('PRIVATE');
      }
    } finally {
      swaps.kill('SIGKILL');
      await ended;
    }
    if (existsSync(`${place}.was`)) {
      if (existsSync(place)) renameSync(place, `${place}.trap`);
      renameSync(`${place}.was`, place);
    }
    expect((await look()).out).toBe('SHOWNSINGLE0\n');
  });

  it('is refused where a folder on the way is a link', async () => {
    renameSync(join(host.home, 'all results'), join(host.home, 'results'));
    symlinkSync(join(host.home, 'results'), join(host.home, 'all results'));
    await expect(look()).rejects.toMatchObject({ message: expect.stringContaining('leads elsewhere') });
  });
});

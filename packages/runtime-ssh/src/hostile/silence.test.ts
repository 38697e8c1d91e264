import { describe, expect, it } from 'vitest';
import { type Lie, startLyingHost } from './liar.ts';
import { settled } from './testing.ts';

const MiB = 1024 * 1024;

/** Runs one command on a host of its own that lies so, and gives what came of it. */
async function execOn(lie: Lie, n: number, options: { timeoutMs?: number; maxOutputBytes?: number } = {}) {
  const host = await startLyingHost();
  try {
    host.tell(lie, n);
    const command = { script: 'head -c 5000 /dev/zero | tr "\\0" x' };
    return await settled(host.runtime().exec(command, options));
  } finally {
    await host.stop();
  }
}

// Side by side: what they cost is waiting.
describe.concurrent('a host that does not stop, or does not go on', { timeout: 240_000 }, () => {
  it('fills no memory by printing without end, wherever it begins', async () => {
    const before = process.memoryUsage.rss();
    const came = await Promise.all([0, 40, 3000].map((n) => execOn('flood', n, { maxOutputBytes: MiB })));
    expect(process.memoryUsage.rss() - before).toBeLessThan(512 * MiB);
    for (const one of came)
      expect(one).toMatchObject({
        code: expect.stringMatching(/^(?:host\.shell_unusable|command\.output_too_large)$/),
      });
  });

  it('is given up when it never answers', async () => {
    expect(await execOn('mute', 0)).toMatchObject({ code: 'host.shell_unusable' });
  });

  it.each([45, 200, 1500])(
    'does not hold a command beyond its time when it falls silent at byte %i',
    async (n) => {
      const came = await execOn('mute', n, { timeoutMs: 1000 });
      expect(came).toMatchObject({
        code: expect.stringMatching(/^host\.(?:shell_unusable|connection_lost)$/),
      });
    },
  );
});

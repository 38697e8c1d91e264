import type { JobId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import { Interrupted, throwIfInterrupted } from '../../interrupted.ts';
import type { ToolContext } from '../tool.ts';

/**
 * Gives a job's output from its beginning to `onText`, secrets redacted, and then how it ended. Goes on where it was
 * when the host was out of reach in between. Throws `Interrupted`, which leaves the job as it is.
 */
export async function followJob(
  context: ToolContext,
  jobId: JobId,
  onText: (text: string) => void,
): Promise<Exit> {
  const { host, secrets } = context;
  const redacted = secrets.redactor().bytes();
  const decoder = new TextDecoder();
  const show = (bytes: Uint8Array) => onText(decoder.decode(bytes, { stream: true }));
  let offset = 0;
  const exit = await host.do(async ({ jobs }) => {
    const attached = await jobs.attach(jobId, {
      after: { out: offset },
      signal: host.signal,
      onOutput(stream, at, bytes) {
        if (stream !== 'out' || at !== offset) return;
        offset += bytes.length;
        show(redacted.push(bytes));
      },
      onMissed(stream, from, to) {
        if (stream !== 'out') return;
        offset = to;
        onText(`\n[${to - from} bytes were dropped on the host]\n`);
      },
    });
    if (attached === 'detached') throw new Interrupted(host.signal.reason === 'close' ? 'close' : 'stop');
    return attached;
  });
  throwIfInterrupted(host.signal);
  show(redacted.end());
  onText(decoder.decode());
  return exit;
}

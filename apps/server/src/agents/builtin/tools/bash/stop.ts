import type { JobId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Runtime } from '@farhand/shared/runtime/port';
import { isOutOfReach } from '../../steady-host.ts';

/** A person who pressed stop does not wait longer than this for a host that does not answer. */
const STOP_WITHIN_MS = 10_000;

/**
 * Ends a job's process group; `null` where the host is out of reach. Then it is ended as soon as the host is back,
 * while this server runs.
 */
export async function stopJob(runtime: Runtime, jobId: JobId): Promise<Exit | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), STOP_WITHIN_MS)));
  try {
    const exit = await Promise.race([stopNow(runtime, jobId), late]);
    if (exit === null) stopWhenBack(runtime, jobId);
    return exit;
  } finally {
    clearTimeout(timer);
  }
}

async function stopNow(runtime: Runtime, jobId: JobId): Promise<Exit | null> {
  try {
    return await runtime.jobs.stop(jobId);
  } catch (thrown) {
    if (isOutOfReach(thrown)) return null;
    throw thrown;
  }
}

function stopWhenBack(runtime: Runtime, jobId: JobId): void {
  const unwatch = runtime.watchConnection(({ state }) => {
    if (state !== 'connected') return;
    unwatch();
    // Out of reach again, or gone with the host's folder: the folder's removal ends what is left.
    stopNow(runtime, jobId).then(
      (exit) => exit ?? stopWhenBack(runtime, jobId),
      () => {},
    );
  });
}

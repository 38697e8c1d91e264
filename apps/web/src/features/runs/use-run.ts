import type { RunId } from '@farhand/shared/model/ids';
import type { Run } from '@farhand/shared/model/runs';
import { useEffect, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';

/** A run as it goes on, with what it printed so far. */
export interface WatchedRun {
  readonly run: Run | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTruncated: boolean;
  readonly error: ApiError | null;
}

const WAIT_MS = 30_000;
const RETRY_MS = 2000;
const NOTHING: WatchedRun = { run: null, stdout: '', stderr: '', isTruncated: false, error: null };

/** Follows one run until it is over, or the component goes. */
export function useRun(runId: RunId): WatchedRun {
  const [watched, setWatched] = useState<WatchedRun>(NOTHING);
  useEffect(() => {
    const gone = new AbortController();
    void follow(runId, gone.signal, setWatched);
    return () => gone.abort();
  }, [runId]);
  return watched;
}

async function follow(runId: RunId, signal: AbortSignal, show: (watched: WatchedRun) => void): Promise<void> {
  const texts = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const seen = { stdout: 0, stderr: 0 };
  let watched = NOTHING;
  while (!signal.aborted) {
    try {
      const state = watched.run?.state ?? null;
      const waitMs = state === null ? 0 : WAIT_MS;
      const { run, output } = await call('run.get', { runId, waitMs, after: { ...seen, state } }, { signal });
      const take = (stream: 'stdout' | 'stderr') => {
        const bytes = Uint8Array.from(atob(output[stream]), (letter) => letter.charCodeAt(0));
        seen[stream] += bytes.byteLength;
        return watched[stream] + texts[stream].decode(bytes, { stream: true });
      };
      watched = {
        run,
        stdout: take('stdout'),
        stderr: take('stderr'),
        isTruncated: output.truncated,
        error: null,
      };
      show(watched);
      if (run.endedAt !== null) return;
    } catch (thrown) {
      if (signal.aborted) return;
      watched = { ...watched, error: ApiError.from(thrown) };
      show(watched);
      if (watched.error?.code !== 'server.unreachable') return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

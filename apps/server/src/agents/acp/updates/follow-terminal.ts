import { setTimeout } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Redactor } from '../../../secrets/redactor.ts';

/** A host that refuses although it is there is not asked without end. */
const RETRY_AFTER_MS = 250;

interface Following {
  readonly runtime: Runtime;
  readonly jobId: JobId;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
}

/**
 * Gives a terminal's output from its beginning, secrets redacted, and then how it ended; null when it is gone or the
 * signal ends the watching. Where the host is out of reach it goes on when the host is back.
 */
export async function followTerminal(following: Following): Promise<Exit | null> {
  const { runtime, jobId, redactor, signal, onText } = following;
  const redacted = redactor.bytes();
  const decoder = new TextDecoder();
  const show = (bytes: Uint8Array) => onText(decoder.decode(bytes, { stream: true }));
  let offset = 0;
  while (!signal.aborted) {
    try {
      const exit = await runtime.jobs.attach(jobId, {
        after: { out: offset },
        signal,
        onOutput(stream, at, bytes) {
          if (stream !== 'out' || at !== offset || signal.aborted) return;
          offset += bytes.length;
          show(redacted.push(bytes));
        },
        onMissed(stream, from, to) {
          if (stream !== 'out' || signal.aborted) return;
          offset = to;
          onText(`\n[${to - from} bytes were dropped on the host]\n`);
        },
      });
      if (exit === 'detached') return null;
      show(redacted.end());
      onText(decoder.decode());
      return exit;
    } catch (thrown) {
      if (!FarhandError.is(thrown) || !thrown.code.startsWith('host.')) return null;
      await connected(runtime, signal);
      await setTimeout(RETRY_AFTER_MS, null, { ref: false });
    }
  }
  return null;
}

/** Resolves when the host is back, or the signal is aborted. */
async function connected(runtime: Runtime, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted || runtime.connection().state === 'connected') return resolve();
    const end = () => {
      unwatch();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const unwatch = runtime.watchConnection(({ state }) => {
      if (state === 'connected') end();
    });
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Watches a job to its end, over lost connections. */
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';
import type { JobId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { AttachOptions, JobStream, Runtime } from '@farhand/shared/runtime/port';

export interface ContactOptions {
  /** Ends the trying: the answer is `detached`. */
  readonly signal?: AbortSignal;
  /** Contact is lost: the job runs on, unseen. Called before each wait for the next try. */
  readonly onContactLost?: (error: FarhandError) => void;
}

export interface FollowOptions extends AttachOptions, ContactOptions {
  /** Awaited before each attach; what it throws counts as thrown by the attach. */
  readonly onAttach?: () => void | Promise<void>;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 15_000;

/**
 * As `jobs.attach`, but a lost connection is waited out: tried again with growing pauses, and at once when the runtime
 * says that it is connected. No byte is missed or repeated. Other errors are thrown, as `job.not_found`; for a job that is
 * started also that its host is disabled or deleted.
 */
export function followJob(runtime: Runtime, id: JobId, options: FollowOptions): Promise<Exit | 'detached'> {
  const { onOutput, onMissed, onContactLost, onAttach, after, signal, start } = options;
  const next: Record<JobStream, number> = { out: after?.out ?? 0, err: after?.err ?? 0 };
  let isUntried = start !== undefined;
  const attach = async (reachedHost: () => void) => {
    const isFirst = isUntried;
    isUntried = false;
    await onAttach?.();
    const attached = runtime.jobs.attach(id, {
      ...(signal && { signal }),
      // Again with each try: a job that is there already is not started anew.
      ...(start && { start }),
      after: { ...next },
      onOutput(stream, offset, bytes) {
        next[stream] = offset + bytes.byteLength;
        reachedHost();
        return onOutput(stream, offset, bytes);
      },
      onMissed(stream, from, to) {
        next[stream] = to;
        onMissed?.(stream, from, to);
      },
    });
    return attached.catch((error: unknown) => {
      // Nothing was begun, and no waiting helps where a person has taken the host away.
      throw isFirst && isTakenAway(error) ? new NotBegun(error) : error;
    });
  };
  return overLostContact(runtime, attach, {
    ...(signal && { signal }),
    ...(onContactLost && { onContactLost }),
  }).catch((error: unknown) => {
    throw error instanceof NotBegun ? error.reason : error;
  });
}

const TAKEN_AWAY: readonly ErrorCode[] = [
  'host.disabled',
  'host.deleted',
  'host.record_invalid',
  'host.stopped',
];

/** True where a person has taken the host away: nothing is sent there until they give it back. */
export function isTakenAway(error: unknown): error is FarhandError {
  return FarhandError.is(error, ...TAKEN_AWAY);
}

/** What is not waited out. */
class NotBegun extends Error {
  readonly reason: FarhandError;

  constructor(reason: FarhandError) {
    super(reason.message);
    this.reason = reason;
  }
}

/** Asks until the host answers. The question calls `reachedHost` where it got something, which makes the pauses short again. */
export async function overLostContact<Result>(
  runtime: Runtime,
  ask: (reachedHost: () => void) => Promise<Result>,
  { signal, onContactLost }: ContactOptions,
): Promise<Result | 'detached'> {
  let retryMs = FIRST_RETRY_MS;
  const reachedHost = () => {
    retryMs = FIRST_RETRY_MS;
  };
  for (;;) {
    try {
      return await ask(reachedHost);
    } catch (error) {
      if (signal?.aborted) return 'detached';
      if (!isContactLost(error)) throw error;
      onContactLost?.(error);
      await untilConnected(runtime, retryMs, signal);
      if (signal?.aborted) return 'detached';
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  }
}

/** True for what says nothing about the job, only about the way to its host. */
export function isContactLost(error: unknown): error is FarhandError {
  return error instanceof FarhandError && error.code.startsWith('host.');
}

/** Resolves when the runtime becomes connected, after `delayMs`, or when the signal says so: whichever is first. */
async function untilConnected(runtime: Runtime, delayMs: number, signal?: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const unwatch = runtime.watchConnection((state) => {
    if (state.state === 'connected') stop.abort();
  });
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  await delay(delayMs, undefined, { signal: either }).catch(() => {});
  unwatch();
}

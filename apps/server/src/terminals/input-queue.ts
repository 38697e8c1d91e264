/** Keys on their way to a terminal's job: in order, each once. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { JobId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';

export interface InputQueue {
  /** Resolves when the bytes are in the job's input; rejects when contact is lost, so that typing is seen to be refused. */
  write(text: string): Promise<void>;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** What is typed while a write is under way goes with the next one. */
export function createInputQueue(runtime: Runtime, jobId: JobId): InputQueue {
  let waiting: Waiting[] = [];
  let isWriting = false;
  /**
   * Where the next byte goes. Null when not known: at first, after a restart, and after a write of which nobody knows
   * if it arrived. Then the host is asked, so that a lost answer neither repeats bytes nor writes over others.
   */
  let offset: number | null = null;

  async function send(batch: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.concat(batch.map((one) => one.bytes));
    const at: number = offset ?? (await runtime.jobs.get(jobId)).inBytes;
    offset = null;
    await runtime.jobs.write(jobId, at, bytes);
    offset = at + bytes.byteLength;
  }

  async function drain(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await send(batch);
        for (const { done } of batch) done();
      } catch (error) {
        // What was typed after it was typed without knowing: it is refused as well, or the order would be broken.
        for (const { failed } of [...batch, ...waiting]) failed(error);
        waiting = [];
      }
    }
    // In the same breath as the last look at `waiting`: what is written a moment later must start anew.
    isWriting = false;
  }

  return {
    write(text) {
      const state = runtime.connection();
      if (state.state === 'retrying' || state.state === 'refused') {
        return Promise.reject(
          new FarhandError('host.connection_lost', {
            message: 'There is no contact with the host: the keys were not sent.',
          }),
        );
      }
      return new Promise((done, failed) => {
        waiting.push({ bytes: Buffer.from(text, 'utf8'), done, failed });
        if (!isWriting) void drain();
      });
    },
  };
}

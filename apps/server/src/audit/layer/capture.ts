import type { JobId } from '@farhand/shared/model/ids';
import type { JobStream, Jobs } from '@farhand/shared/runtime/port';
import type { Redactor } from '../../secrets/redactor.ts';
import { MAX_OUTPUT_BYTES, type OutputStore } from '../outputs/output-store.ts';
import { createOutputWriter, type KeptOutput } from '../outputs/output-writer.ts';

/** What a job writes, as those bring it who watch it: each byte is taken once, however many watch. */
export interface Capture {
  take(stream: JobStream, offset: number, bytes: Uint8Array): void;
  missed(stream: JobStream, from: number, to: number): void;
  /** False where bytes were passed over that the host may still have. */
  readonly isWhole: boolean;
  end(): Promise<KeptOutput>;
  discard(): Promise<void>;
}

export function createCapture(outputs: OutputStore, redactor: () => Redactor): Capture {
  const writer = createOutputWriter(outputs, redactor);
  const next: Record<JobStream, number> = { out: 0, err: 0 };
  let isWhole = true;
  return {
    take(stream, offset, bytes) {
      if (offset > next[stream]) isWhole = false;
      const known = next[stream] - offset;
      if (known >= bytes.byteLength) return;
      writer.push(stream, known > 0 ? bytes.subarray(known) : bytes);
      next[stream] = offset + bytes.byteLength;
    },
    missed(stream, _from, to) {
      // Gone on the host, too: what follows is all there is.
      next[stream] = Math.max(next[stream], to);
    },
    get isWhole() {
      return isWhole;
    },
    end: () => writer.end(),
    discard: () => writer.discard(),
  };
}

interface KeepingDeps {
  readonly outputs: OutputStore;
  readonly redactor: Redactor;
}

const READ_AT_ONCE = 1024 * 1024;

/** The same for a job that nobody here watched from its beginning: what its host still has. */
export async function readKept(
  jobs: Pick<Jobs, 'read'>,
  id: JobId,
  { outputs, redactor }: KeepingDeps,
): Promise<KeptOutput> {
  const writer = createOutputWriter(outputs, () => redactor);
  try {
    for (const stream of ['out', 'err'] as const) {
      let offset = 0;
      let readBytes = 0;
      while (readBytes <= MAX_OUTPUT_BYTES) {
        const { offset: from, bytes } = await jobs.read(id, stream, offset, READ_AT_ONCE);
        if (bytes.byteLength === 0) break;
        writer.push(stream, bytes);
        offset = from + bytes.byteLength;
        readBytes += bytes.byteLength;
        if (bytes.byteLength < READ_AT_ONCE) break;
      }
    }
    return await writer.end();
  } catch (thrown) {
    await writer.discard();
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    return { hash: null, keptBytes: 0, isCut: false, problem };
  }
}

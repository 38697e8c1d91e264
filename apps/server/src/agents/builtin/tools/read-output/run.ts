import type { JobId } from '@farhand/shared/model/ids';
import { exitText } from '../bash/view.ts';
import { plainText } from '../cut.ts';
import { ownJob } from '../own-job.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { type ReadOutputInput, readOutputInput } from './schema.ts';
import { readOutputTitle } from './view.ts';

const DEFAULT_LIMIT_BYTES = 30_000;
/** As long as a secret may be: a secret that begins before the range is known for what it is. */
const LEAD_BYTES = 64 * 1024;

/** Any range of what a job printed, while it runs and after. */
export const readOutput: Tool<ReadOutputInput> = {
  name: 'read_output',
  description: 'Reads a range of the output of a job that bash started, and tells whether it still runs.',
  input: readOutputInput,
  effect: 'read',
  use: 'look',
  title: readOutputTitle,
  async run({ job, offset = 0, limit = DEFAULT_LIMIT_BYTES }, context) {
    const record = await ownJob(context, job);
    const isRunning = record.status.state === 'running';
    const { text, next } = await readRange(context, record.id, {
      from: offset,
      to: offset + limit,
      isRunning,
    });
    const state = record.status.state === 'ended' ? exitText(record.status.exit) : 'still running';
    const more = next < record.outBytes || isRunning ? `; go on with offset ${next}` : '';
    return {
      text: `${text || '(nothing here)'}\n[bytes ${offset} to ${next} of ${record.outBytes}; ${state}${more}]`,
    };
  },
};

interface Range {
  readonly from: number;
  readonly to: number;
  readonly isRunning: boolean;
}

async function readRange({ host, secrets }: ToolContext, id: JobId, range: Range) {
  const redacted = secrets.redactor().bytes();
  const pieces: Uint8Array[] = [];
  let at = Math.max(0, range.from - LEAD_BYTES);
  while (at < range.to) {
    const wanted = at < range.from ? range.from - at : range.to - at;
    const start = at;
    const read = await host.do(({ jobs }) => jobs.read(id, 'out', start, wanted));
    const shown = redacted.push(read.bytes);
    if (read.offset >= range.from) pieces.push(shown);
    if (read.bytes.length === 0) {
      // What may be the beginning of a secret is held back for the next range, unless nothing follows.
      if (!range.isRunning) pieces.push(redacted.end());
      break;
    }
    at = read.offset + read.bytes.length;
  }
  return { text: plainText(new TextDecoder().decode(Buffer.concat(pieces))), next: Math.max(at, range.from) };
}

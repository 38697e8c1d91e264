import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { OutputStore } from './output-store.ts';

/** A piece of a kept output as text. Throws `audit.not_found`. */
export async function readOutputPart(
  outputs: OutputStore,
  { hash, offset, limit }: ParsedInput<'audit.output'>,
): Promise<CallOutput<'audit.output'>> {
  const bytes = await outputs.read(hash).catch((cause: unknown) => {
    throw new FarhandError('audit.not_found', {
      message: `The kept output ${hash} cannot be unpacked.`,
      cause,
    });
  });
  if (!bytes)
    throw new FarhandError('audit.not_found', { message: `The output ${hash} is not kept any more.` });
  const part = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(offset, offset + limit);
  return { text: part.toString('utf8'), totalBytes: bytes.byteLength };
}

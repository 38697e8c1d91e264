import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { AuditDatabase } from '../store/audit-database.ts';
import type { OutputStore } from './output-store.ts';
import { isRemoved } from './removed-outputs.ts';

interface OutputPartDeps {
  readonly outputs: OutputStore;
  readonly database: () => AuditDatabase;
}

/** A piece of a kept output as text. Throws `audit.not_found`. */
export async function readOutputPart(
  { outputs, database }: OutputPartDeps,
  { hash, offset, limit }: ParsedInput<'audit.output'>,
): Promise<CallOutput<'audit.output'>> {
  const bytes = await outputs.read(hash).catch((cause: unknown) => {
    throw new FarhandError('audit.not_found', {
      message: `The kept output ${hash} cannot be unpacked.`,
      cause,
    });
  });
  if (!bytes && isRemoved(database(), hash)) return { text: '', totalBytes: 0, isRemoved: true };
  if (!bytes) throw new FarhandError('audit.not_found', { message: `The output ${hash} is missing.` });
  const part = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(offset, offset + limit);
  return { text: part.toString('utf8'), totalBytes: bytes.byteLength, isRemoved: false };
}

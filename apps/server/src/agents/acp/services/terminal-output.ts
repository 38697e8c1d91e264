import type { JobId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Redactor } from '../../../secrets/redactor.ts';

/** What an agent gets that names no limit, and the most that it gets at all. */
const DEFAULT_LIMIT = 1024 * 1024;
const LARGEST_LIMIT = 16 * 1024 * 1024;
/** Read before the part that is wanted, so that a secret at its beginning is seen whole. */
const LEAD = 16 * 1024;

/** The end of a terminal's output, secrets redacted, cut at the border of a character. */
export async function tailOf(
  { jobs }: Pick<Runtime, 'jobs'>,
  job: { readonly id: JobId; readonly outBytes: number; readonly limitBytes: number | null },
  redactor: Redactor,
): Promise<{ output: string; truncated: boolean }> {
  const limit = Math.min(job.limitBytes ?? DEFAULT_LIMIT, LARGEST_LIMIT);
  const from = Math.max(0, job.outBytes - limit - LEAD);
  const pieces: Uint8Array[] = [];
  const redacted = redactor.bytes();
  let isCut = from > 0;
  for (let offset = from; offset < job.outBytes; ) {
    const piece = await jobs.read(job.id, 'out', offset, Math.min(job.outBytes - offset, 1024 * 1024));
    isCut ||= piece.offset > offset;
    if (piece.bytes.length === 0) break;
    pieces.push(redacted.push(piece.bytes));
    offset = piece.offset + piece.bytes.length;
  }
  pieces.push(redacted.end());
  const all = Buffer.concat(pieces);
  const kept = lastCharacters(all, limit);
  return {
    // What a running program has not written whole yet comes with the next look.
    output: new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept, { stream: true }),
    truncated: isCut || kept.length < all.length,
  };
}

/** At most the last `limit` bytes, from the beginning of a character of UTF-8. */
export function lastCharacters(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length <= limit) return bytes;
  let start = bytes.length - limit;
  // A character has at most three bytes after its first.
  for (let skipped = 0; skipped < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80; skipped += 1) start += 1;
  return bytes.subarray(start);
}

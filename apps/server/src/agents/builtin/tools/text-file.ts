import type { ToolView } from '@farhand/shared/model/transcripts';
import { createTwoFilesPatch } from 'diff';
import { ToolFailure } from './tool.ts';

/** What a page draws of one edit. */
const LONGEST_PATCH = 128 * 1024;
/** Two large files that share little take very long to compare. */
const COMPARE_WITHIN_MS = 500;

/** The text of a file, a byte order mark included. Throws `ToolFailure` where it is not UTF-8 text. */
export function decodeText(bytes: Uint8Array, shown: string): string {
  if (bytes.includes(0)) throw new ToolFailure(`${shown} is a binary file.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ToolFailure(`${shown} is not UTF-8 text; use bash for it.`);
  }
}

/** The change as a unified diff; null where it is too large to show. */
export function diffView(path: string, before: string, after: string): ToolView | null {
  const patch = createTwoFilesPatch(path, path, before, after, '', '', {
    context: 3,
    timeout: COMPARE_WITHIN_MS,
  });
  return patch === undefined || patch.length > LONGEST_PATCH ? null : { kind: 'diff', path, patch };
}

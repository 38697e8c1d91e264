import type { ToolView } from '@farhand/shared/model/transcripts';
import type { ToolImage } from '../../messages.ts';
import type { ReadFileInput } from './schema.ts';

/** A page holds many of these. */
const SHOWN_TEXT = 48 * 1024;
const SHOWN_IMAGE = 1024 * 1024;

export function readFileTitle({ path, offset, limit }: ReadFileInput): string {
  if (offset === undefined && limit === undefined) return path;
  const first = offset ?? 1;
  return limit === undefined ? `${path}:${first}-` : `${path}:${first}-${first + limit - 1}`;
}

export function fileView(path: string, text: string, firstLine: number): ToolView {
  return { kind: 'file', path, text: text.slice(0, SHOWN_TEXT), firstLine };
}

/** Null for an image that is too large to keep in a transcript. */
export function imageView(path: string, { mediaType, base64 }: ToolImage): ToolView | null {
  return base64.length > SHOWN_IMAGE
    ? null
    : { kind: 'image', path, url: `data:${mediaType};base64,${base64}` };
}

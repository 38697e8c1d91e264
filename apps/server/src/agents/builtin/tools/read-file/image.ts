/** What providers take of one image. */
export const LARGEST_IMAGE_BYTES = 3_750_000;

const SIGNATURES: readonly { readonly mediaType: string; readonly at: number; readonly bytes: string }[] = [
  { mediaType: 'image/png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { mediaType: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { mediaType: 'image/gif', at: 0, bytes: 'GIF8' },
  { mediaType: 'image/webp', at: 8, bytes: 'WEBP' },
];

/** The media type of an image that models can see, told by its first bytes and not by its name; null for all else. */
export function imageType(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return SIGNATURES.find((signature) => start.startsWith(signature.bytes, signature.at))?.mediaType ?? null;
}

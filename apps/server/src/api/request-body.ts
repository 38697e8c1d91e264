import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** The largest secret is 64 KiB and the largest prompt 256 KiB of text; with JSON's escapes both fit. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The JSON of a request's body. Throws `request.too_large` before reading where its length says so, otherwise as soon
 * as more than `maxBytes` came; `request.invalid` where it is not JSON or does not say that it is.
 */
export async function readJson(request: Request, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  // Other types can be posted by a form of any site without the browser asking first.
  if (type !== 'application/json') throw invalid('The content type must be application/json.');
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const text = new TextDecoder().decode(await readBytes(request, maxBytes));
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('The body is not JSON.');
  }
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (thrown) {
    // Whoever hung up in the middle of the body is no fault of ours, and nobody reads the answer.
    throw FarhandError.is(thrown) ? thrown : invalid('The request ended before its body did.');
  }
  return Buffer.concat(chunks);
}

const invalid = (message: string) => new FarhandError('request.invalid', { message });
const tooLarge = (maxBytes: number) => new FarhandError('request.too_large', { details: { maxBytes } });

import { dataUrlBytes, IMAGE_TYPES, MOST_IMAGE_BYTES, sentSize } from './image-limits.ts';

/** A picture as it can be sent, or in words why not. */
export type ShrunkImage = { readonly url: string } | { readonly problem: string };

/**
 * Makes a picture fit for a message: png, jpeg, gif or webp, its longer side at most 2048 px, at most 5 MiB. One that
 * fits already is not touched; other forms that the browser can draw become jpeg.
 */
export async function shrinkImage(file: File): Promise<ShrunkImage> {
  const name = file.name || 'The picture';
  if (!file.type.startsWith('image/')) return { problem: `${name} is not a picture.` };
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return { problem: `${name} cannot be read as a picture: use png, jpeg, gif or webp.` };
  }
  try {
    const size = sentSize(bitmap.width, bitmap.height);
    const fits =
      IMAGE_TYPES.includes(file.type) && size.width === bitmap.width && size.height === bitmap.height;
    if (fits && file.size <= MOST_IMAGE_BYTES) return { url: await dataUrl(file) };
    return await redraw(bitmap, { size, type: file.type, name });
  } finally {
    bitmap.close();
  }
}

interface Redraw {
  readonly size: { readonly width: number; readonly height: number };
  readonly type: string;
  readonly name: string;
}

async function redraw(bitmap: ImageBitmap, { size, type, name }: Redraw): Promise<ShrunkImage> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, size.width, size.height);
  // A screenshot stays sharp as png; where that is too much, and for photographs, jpeg.
  const types = type === 'image/png' || type === 'image/gif' ? ['image/png', 'image/jpeg'] : ['image/jpeg'];
  for (const wanted of types) {
    const url = await dataUrl(await canvas.convertToBlob({ type: wanted, quality: 0.86 }));
    if (dataUrlBytes(url) <= MOST_IMAGE_BYTES) return { url };
  }
  return { problem: `${name} is larger than 5 MiB, also when made smaller.` };
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The picture was not read.')));
    reader.readAsDataURL(blob);
  });
}

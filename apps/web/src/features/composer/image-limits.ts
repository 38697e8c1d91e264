/** The forms that every agent and every page can show. */
export const IMAGE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Pictures of one message. */
export const MOST_IMAGES = 10;

/** Of one picture, after it was made smaller. */
export const MOST_IMAGE_BYTES = 5 * 1024 * 1024;

/** The longer side in pixels; models see no more. */
const LONGEST_SIDE_PX = 2048;

/** The size at which a picture is sent: its own, or smaller with the same shape; never less than one pixel. */
export function sentSize(width: number, height: number): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** How many bytes a base64 `data:` URL stands for. */
export function dataUrlBytes(url: string): number {
  const base64 = url.slice(url.indexOf(',') + 1);
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.max(0, (base64.length / 4) * 3 - padding);
}

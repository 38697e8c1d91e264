const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/** The address of a link in text that an agent wrote; null for all but absolute http, https and mailto addresses. */
export function safeUrl(url: string): string | null {
  if (url.length > 4096 || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return SCHEMES.has(parsed.protocol) && parsed.password === '' ? parsed.href : null;
}

/** An image that the page may show: data of a picture format that holds no script; nothing from the network. */
export function safeImage(url: string): string | null {
  return /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/.test(url) ? url : null;
}

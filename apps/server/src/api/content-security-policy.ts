import { createHash } from 'node:crypto';

const INLINE_SCRIPT = /<script(?<attributes>[^>]*)>(?<text>[\s\S]*?)<\/script>/gi;

/** CSP sources (`'sha256-…'`) for the inline scripts of a page that we built ourselves. */
export function inlineScriptHashes(html: string): string[] {
  const hashes = new Set<string>();
  for (const { groups } of html.matchAll(INLINE_SCRIPT)) {
    if (/\ssrc\s*=/i.test(groups?.attributes ?? '')) continue;
    hashes.add(
      `'sha256-${createHash('sha256')
        .update(groups?.text ?? '')
        .digest('base64')}'`,
    );
  }
  return [...hashes];
}

/**
 * The policy of a page: scripts of ours alone, connections to this server alone, no framing. Styles may be inline,
 * because the terminal and the pane grid set sizes that way.
 */
export function contentSecurityPolicy(host: string, scriptHashes: readonly string[]): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scriptHashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // 'self' does not cover WebSockets in every browser.
    `connect-src 'self' ws://${host} wss://${host}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

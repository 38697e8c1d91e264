import { contentSecurityPolicy } from './content-security-policy.ts';

/** A page of fixed text for what comes before the app: signing in, or an app that is not built. */
function plainPage(options: {
  title: string;
  paragraphs: readonly string[];
  host: string;
  status: number;
}): Response {
  const { title, paragraphs, host, status } = options;
  const body = paragraphs.map((text) => `<p>${withCode(escape(text))}</p>`).join('\n');
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Farhand</title>
<style>
:root { color-scheme: light dark; font: 14px/22px system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center }
main { max-width: 32rem; padding: 24px }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 8px }
p { margin: 8px 0 }
code { font: 13px/20px ui-monospace, monospace; border: 1px solid; border-radius: 6px; padding: 2px 6px }
</style>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</html>
`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(host, []),
  };
  return new Response(html, { status, headers });
}

/** What a browser gets that is not signed in. `isRefused` where it came with a code that is not good. */
export function signInPage(host: string, isRefused: boolean): Response {
  const how = 'Run `farhand login-url` on the machine where Farhand runs, and open the link it prints.';
  const paragraphs = isRefused ? ['This sign-in link was used before or is too old.', how] : [how];
  return plainPage({
    title: isRefused ? 'The link is no longer good' : 'Sign in',
    paragraphs,
    host,
    status: 401,
  });
}

export function notBuiltPage(host: string): Response {
  return plainPage({
    title: 'The page is not built',
    paragraphs: ['Run `npm run build`, then start the server again.'],
    host,
    status: 503,
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
const withCode = (text: string) => text.replaceAll(/`([^`]*)`/g, '<code>$1</code>');

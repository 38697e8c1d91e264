/** What a person gives to add a project: a path on the server's machine, or a URL that git clones. */
import { homedir } from 'node:os';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';

export type Source =
  | { readonly kind: 'path'; readonly path: string }
  | {
      readonly kind: 'url';
      /** Without credentials: what is stored, shown and given to git. */
      readonly url: string;
      /** Value of an HTTP Authorization header, for the first clone only; null where the URL had none. */
      readonly authorization: string | null;
    };

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const ALLOWED = new Set(['https:', 'http:', 'ssh:', 'git:', 'file:']);
/** scp's form: `host:path` or `user@host:path`, with no slash before the colon. */
const SCP = /^(?:[\w.+-]+@)?(?<host>\[[0-9a-f:]+\]|[\w][\w.-]*):(?!:)(?<path>[^\s].*)$/i;

/** Throws `request.invalid` for anything that git could take as an option or as a program to run. */
export function parseSource(text: string): Source {
  const typed = text.trim();
  if (/\p{Cc}/u.test(typed)) throw refused('it holds control characters');
  if (typed.startsWith('-')) throw refused('it begins with “-”');
  if (typed.startsWith('/') || typed === '~' || typed.startsWith('~/'))
    return { kind: 'path', path: expandHome(typed) };
  if (/^[a-z0-9+.-]*::/i.test(typed)) throw refused('this transport is not allowed');
  if (SCHEME.test(typed)) return parseUrl(typed);
  const scp = SCP.exec(typed);
  if (scp?.groups && !scp.groups.path?.startsWith('-'))
    return { kind: 'url', url: typed, authorization: null };
  if (path.isAbsolute(typed)) return { kind: 'path', path: path.resolve(typed) };
  throw refused('it is neither an absolute path nor a URL');
}

/** The last part of a path or URL without `.git`: what the project is called at first. */
export function sourceName(text: string): string {
  const last =
    text
      .replace(/[/\\]+$/, '')
      .split(/[/\\:]/)
      .at(-1) ?? '';
  const name = last
    .replace(/\.git$/i, '')
    .replace(/[\p{Cc}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu, '')
    .trim();
  return name.slice(0, 80) || 'project';
}

function parseUrl(typed: string): Source {
  const url = URL.canParse(typed) ? new URL(typed) : null;
  if (!url || !ALLOWED.has(url.protocol)) throw refused('only https, ssh, git and file URLs are cloned');
  if (url.protocol !== 'file:' && (url.hostname === '' || url.hostname.startsWith('-')))
    throw refused('it names no host');
  if (decoded(url.username).startsWith('-')) throw refused('its user name begins with “-”');
  const authorization = httpAuthorization(url);
  url.password = '';
  // ssh needs its user; for http(s) a token often stands in its place.
  if (url.protocol !== 'ssh:') url.username = '';
  url.hash = '';
  return { kind: 'url', url: url.href, authorization };
}

function httpAuthorization(url: URL): string | null {
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isHttp || (url.username === '' && url.password === '')) return null;
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function expandHome(typed: string): string {
  return path.resolve(typed.startsWith('~') ? path.join(homedir(), typed.slice(1)) : typed);
}

function refused(reason: string): FarhandError {
  return new FarhandError('request.invalid', {
    message: `This project source cannot be used: ${reason}.`,
    hint: 'Give an absolute path of a git repository, or an https, ssh, git or file URL.',
  });
}

import { readFileSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** A server that is reached by a token. */
export interface RemoteServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

/** What says which server: options, and the variables FARHAND_URL and FARHAND_TOKEN. */
export interface WantedServer {
  readonly server?: string | undefined;
  /** A file that holds the token: an argument would be seen by every user of the machine. */
  readonly tokenFile?: string | undefined;
  readonly environment: { readonly url?: string | undefined; readonly token?: string | undefined };
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Null where the server of the own data folder is meant. Throws `request.invalid`, `access.denied`. */
export function remoteServer({ server, tokenFile, environment }: WantedServer): RemoteServer | null {
  const wanted = server ?? environment.url;
  const token = tokenFile === undefined ? environment.token : readToken(tokenFile);
  if (wanted === undefined || wanted === '') {
    if (tokenFile === undefined) return null;
    throw new FarhandError('request.invalid', {
      message: 'A token is for a server that is named.',
      hint: 'Give --server, or set FARHAND_URL.',
    });
  }
  const url = parseUrl(wanted);
  if (!token)
    throw new FarhandError('access.denied', {
      message: `There is no token for ${url.origin}.`,
      hint: 'Set FARHAND_TOKEN, or give --token-file; a token is made with `farhand token create`.',
    });
  return { url: url.href.replace(/\/+$/, ''), token };
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return url;
  if (url?.protocol === 'http:' && LOOPBACK.has(url.hostname)) return url;
  throw new FarhandError('request.invalid', {
    message: url
      ? `A token is not sent to ${url.host} without encryption.`
      : 'The address of the server is no URL.',
    hint: 'Use https://, or http:// to this machine (as through `ssh -L`).',
  });
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new FarhandError('request.invalid', { message: `The token file ${file} cannot be read.`, cause });
  }
}

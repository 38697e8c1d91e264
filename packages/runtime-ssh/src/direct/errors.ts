/** Says in ssh's words what went wrong without it, so that one table reads both. */
import type { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type FailedHost, readSshError } from '../errors.ts';

export interface Peer extends FailedHost {
  readonly hostname: string;
  readonly port: number;
  readonly bindAddress: string | undefined;
  /** True once keys were exchanged: then it was an ssh server, and it had time for us. */
  readonly hasKeys: boolean;
  readonly hostWords: string;
  /** The last words of the proxy; null where there is none. */
  readonly proxyStderr: string | null;
}

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  EHOSTUNREACH: 'No route to host',
  EHOSTDOWN: 'Host is down',
  ENETUNREACH: 'Network is unreachable',
  ENETDOWN: 'Network is down',
  ETIMEDOUT: 'Connection timed out',
  EADDRNOTAVAIL: 'Cannot assign requested address',
};

const NEGOTIATED: readonly (readonly [RegExp, string])[] = [
  [/key exchange algorithm/, 'key exchange method'],
  [/host key format/, 'host key type'],
  [/cipher/, 'cipher'],
  [/MAC/, 'MAC'],
  [/compression/, 'compression'],
];

/** The error of a connection that could not be made or signed in, with the codes of the master's. */
export function readDirectError(error: unknown, peer: Peer): FarhandError {
  const read = readSshError([peer.proxyStderr ?? '', peer.hostWords, wordsFor(error, peer)].join('\n'), peer);
  read.cause ??= error;
  return read;
}

function wordsFor(error: unknown, peer: Peer): string {
  const { hostname, port, bindAddress, proxyStderr, hasKeys } = peer;
  const where = proxyStderr === null ? `${hostname} port ${port}` : 'UNKNOWN port 65535';
  const early = hasKeys ? '' : 'kex_exchange_identification: ';
  const { message, code } = innermost(error);
  if (typeof code === 'number')
    return `Received disconnect from ${where}:${code}: ${message}\nDisconnected from ${where}\n`;
  if (code === 'ENOTFOUND') return `ssh: Could not resolve hostname ${hostname}: Name or service not known\n`;
  if (code === 'EAI_AGAIN')
    return `ssh: Could not resolve hostname ${hostname}: Temporary failure in name resolution\n`;
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return `${early}read: Connection reset by peer\nConnection reset by ${where}\n`;
  if (code === 'EADDRNOTAVAIL' && bindAddress !== undefined)
    return `bind ${bindAddress}: Cannot assign requested address\n`;
  const words = SYSTEM_WORDS[code ?? ''];
  if (words !== undefined) return `ssh: connect to host ${hostname} port ${port}: ${words}\n`;
  if (/no matching/.test(message)) {
    const what = NEGOTIATED.find(([pattern]) => pattern.test(message))?.[1] ?? 'algorithm';
    return `Unable to negotiate with ${where}: no matching ${what} found.\n`;
  }
  if (/Connection lost before/.test(message))
    return `${early}Connection closed by remote host\nConnection closed by ${where}\n`;
  if (/Keepalive timeout|Timed out/.test(message)) return `Connection to ${where} timed out\n`;
  return `${message}\n`;
}

// Node tries each address of a name and gathers what came of them; the first is of the address that is preferred.
function innermost(error: unknown): { message: string; code: string | number | undefined } {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (!(error instanceof Error)) return { message: String(error), code: undefined };
  return { message: error.message, code: (error as { code?: string | number }).code };
}

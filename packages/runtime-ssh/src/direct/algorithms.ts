/** What of the configured algorithms ssh2 1.17 speaks. */
import type {
  Algorithms,
  CipherAlgorithm,
  CompressionAlgorithm,
  KexAlgorithm,
  MacAlgorithm,
  ServerHostKeyAlgorithm,
} from 'ssh2';
import { type DirectSettings, directUnsupported } from './settings.ts';

const KEX: readonly KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
  'diffie-hellman-group-exchange-sha1',
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group1-sha1',
];
const CIPHERS: readonly CipherAlgorithm[] = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'aes128-cbc',
  'aes192-cbc',
  'aes256-cbc',
];
const MACS: readonly MacAlgorithm[] = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha1-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'hmac-sha1',
];
const HOST_KEYS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
  'ssh-dss',
];
const COMPRESSED: readonly CompressionAlgorithm[] = ['zlib@openssh.com', 'zlib', 'none'];

/**
 * The offer, in the configuration's order; the host keys of `knownTypes` first, so that a host is asked for the key
 * that is on record. `host.direct_unsupported` where nothing is left.
 */
export function algorithmsFor(
  hostId: string,
  settings: DirectSettings,
  knownTypes: ReadonlySet<string>,
): Algorithms {
  const { kex, ciphers, macs, hostKeys } = settings.algorithms;
  const pick = <Name extends string>(what: string, wanted: readonly string[], known: readonly Name[]) => {
    const chosen =
      wanted.length === 0 ? [...known] : known.filter((name) => wanted.includes(name)).toSorted(by(wanted));
    if (chosen.length === 0) throw directUnsupported(hostId, `one of the ${what} ${wanted.join(', ')}`);
    return chosen;
  };
  const isKnown = (name: string) => knownTypes.has(name.startsWith('rsa-') ? 'ssh-rsa' : name);
  const offered = pick('HostKeyAlgorithms', hostKeys, HOST_KEYS);
  return {
    kex: pick('KexAlgorithms', kex, KEX),
    cipher: pick('Ciphers', fastFirst(ciphers), CIPHERS),
    hmac: pick('MACs', macs, MACS),
    serverHostKey: [...offered.filter(isKnown), ...offered.filter((name) => !isKnown(name))],
    compress: settings.isCompressed ? [...COMPRESSED] : ['none'],
  };
}

// chacha20 is ssh's first choice and several times slower here than AES, which Node does in hardware.
function fastFirst(ciphers: readonly string[]): string[] {
  const isSlow = (name: string) => name.startsWith('chacha20');
  return [...ciphers.filter((name) => !isSlow(name)), ...ciphers.filter(isSlow)];
}

function by(order: readonly string[]): (a: string, b: string) => number {
  return (a, b) => order.indexOf(a) - order.indexOf(b);
}

/** The `%` tokens and `${…}` variables of ssh_config(5) that `ssh -G` leaves as they are. */
import { createHash } from 'node:crypto';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** Whom a value is expanded for. */
export interface TokenSubject {
  /** As it was asked for. */
  readonly typedName: string;
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  readonly keyAlias: string | null;
  readonly proxyJump: string | null;
}

/** A path of the configuration as the system knows it: `~/`, tokens and variables expanded. */
export function expandPath(value: string, subject: TokenSubject, environment: NodeJS.ProcessEnv): string {
  const home = userInfo().homedir || homedir();
  const bare = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  const path = bare === '~' || bare.startsWith('~/') ? join(home, bare.slice(1)) : bare;
  return replaceTokens(path, pathTokens(subject, home)).replace(
    /\$\{(\w+)\}/g,
    (_, name: string) => environment[name] ?? '',
  );
}

/** A ProxyCommand for the shell. `host.config_invalid` where a name holds what the shell would read as its own. */
export function expandCommand(command: string, subject: TokenSubject): string {
  const tokens: Record<string, string> = {
    h: subject.hostname,
    n: subject.typedName,
    p: String(subject.port),
    r: subject.user,
  };
  return replaceTokens(command, tokens, (letter, value) => {
    if (!/[\s\p{Cc}'"`$\\;&<>|(){}]|^-/u.test(value)) return;
    throw new FarhandError('host.config_invalid', {
      message: `The ProxyCommand’s %${letter} holds characters that a shell reads as its own.`,
      hint: 'Give the host a plain HostName and User in ~/.ssh/config.',
    });
  });
}

function pathTokens(subject: TokenSubject, home: string): Record<string, string> {
  const { hostname: remote, port, user, typedName, keyAlias, proxyJump } = subject;
  const local = hostname();
  return {
    C: createHash('sha1')
      .update(`${local}${remote}${port}${user}${proxyJump ?? ''}`)
      .digest('hex'),
    d: home,
    h: remote,
    i: String(userInfo().uid),
    j: proxyJump ?? '',
    k: keyAlias ?? typedName,
    L: local.split('.')[0] ?? local,
    l: local,
    n: typedName,
    p: String(port),
    r: user,
    u: userInfo().username,
  };
}

function replaceTokens(
  text: string,
  tokens: Readonly<Record<string, string>>,
  check: (letter: string, value: string) => void = () => {},
): string {
  return text.replace(/%(.)/g, (whole, letter: string) => {
    if (letter === '%') return '%';
    const value = tokens[letter];
    if (value === undefined) return whole;
    check(letter, value);
    return value;
  });
}

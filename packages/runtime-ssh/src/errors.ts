/** The one place that reads ssh's words. */

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';
import type { HostId } from '@farhand/shared/model/hosts';

interface Reading {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
}

// The first that fits wins: what the jump host or the file says comes before the general sentence that follows it.
const READINGS: readonly Reading[] = [
  { code: 'host.config_invalid', pattern: /terminating, \d+ bad configuration options/ },
  { code: 'host.config_invalid', pattern: /Can't open user config file/ },
  { code: 'host.config_invalid', pattern: /Bad (?:owner or permissions on|configuration option)/ },
  {
    code: 'host.config_invalid',
    pattern: /keyword .* extra arguments|unsupported option|Unsupported option/,
  },
  {
    code: 'host.key_changed',
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY|was revoked and/,
  },
  {
    code: 'host.key_unknown',
    pattern: /host key is known for .* strict checking|Host key verification failed/,
  },
  { code: 'host.proxy_failed', pattern: /UNKNOWN port 65535/ },
  { code: 'host.unknown', pattern: /Could not resolve hostname/ },
  { code: 'host.auth_failed', pattern: /Too many authentication failures/ },
  { code: 'host.auth_failed', pattern: /Permission denied \(|No supported authentication methods/ },
  { code: 'host.refused', pattern: /Connection refused/ },
  { code: 'host.timed_out', pattern: /timed out|Timeout, server .* not responding/ },
  {
    code: 'host.unreachable',
    pattern: /No route to host|Network is unreachable|Host is down|Network is down/,
  },
  { code: 'host.ssh_failed', pattern: /Unable to negotiate|no matching .* found/ },
  {
    code: 'host.unreachable',
    pattern: /kex_exchange_identification|Connection (?:reset|closed) by|Broken pipe/,
  },
];

/** Lines of ssh's that say no more than the code does. */
const NOISE =
  /^(?:@|Warning: Permanently added|debug\d:|no such identity:|\*\* WARNING: connection is not using|\*\* )/;

/** Codes that only a person can end: trying again by itself would only hammer the host or lock the account. */
const NEEDS_A_PERSON: ReadonlySet<ErrorCode> = new Set([
  'host.key_unknown',
  'host.key_changed',
  'host.auth_failed',
  'host.needs_input',
  'host.config_invalid',
  'host.invalid_name',
  'host.ssh_missing',
  'host.shell_unusable',
]);

/** True where the connection must wait for `reconnect` rather than try again. */
export function needsAPerson(error: FarhandError): boolean {
  return NEEDS_A_PERSON.has(error.code);
}

/** What ssh's stderr means for this host; `host.ssh_failed` with its last words where nothing fits. */
export function readSshError(stderr: string, hostId: HostId): FarhandError {
  const text = printable(stderr);
  const code = READINGS.find((reading) => reading.pattern.test(text))?.code ?? 'host.ssh_failed';
  return new FarhandError(code, {
    message: `${TITLES[code] ?? 'ssh failed for'} ${hostId}${lastWords(text)}`,
    ...hintFor(code, text, hostId),
    details: { hostId, stderr: text.slice(-2000) },
  });
}

const TITLES: Partial<Record<ErrorCode, string>> = {
  'host.config_invalid': 'ssh cannot read its configuration for',
  'host.key_changed': 'The key is not the one on record for',
  'host.key_unknown': 'The key is not known yet for',
  'host.proxy_failed': 'The jump host or proxy command failed for',
  'host.unknown': 'The name does not resolve:',
  'host.auth_failed': 'Our keys are not accepted by',
  'host.refused': 'The connection is refused by',
  'host.timed_out': 'No answer in time from',
  'host.unreachable': 'No connection to',
};

function hintFor(code: ErrorCode, text: string, hostId: HostId): { hint?: string } {
  const command = `ssh ${hostId}`;
  switch (code) {
    case 'host.key_unknown':
      return { hint: `Run \`${command}\` once in a terminal, compare the fingerprint and accept it.` };
    case 'host.key_changed': {
      const removal = /^\s*(ssh-keygen -f .+ -R .+)$/m.exec(text)?.[1] ?? `ssh-keygen -R ${hostId}`;
      return { hint: `Ask who runs the host. If the change is right, remove the old key: \`${removal}\`.` };
    }
    case 'host.auth_failed':
      return {
        hint: `Check that \`${command}\` works in a terminal, with the key loaded in your ssh agent.`,
      };
    case 'host.config_invalid':
      return { hint: `Run \`ssh -G ${hostId}\` in a terminal to see what it objects to.` };
    case 'host.proxy_failed':
      return { hint: `Run \`${command}\` in a terminal to see why.` };
    default:
      return {};
  }
}

function lastWords(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !NOISE.test(line));
  const telling = lines.find((line) =>
    /line \d+|Could not resolve|Permission denied|no matching|requested strict/.test(line),
  );
  const words = (telling ?? lines[0] ?? '').trim().slice(0, 300);
  return words === '' ? '.' : ` (${words.replace(/\.$/, '')}).`;
}

// A host's banner comes through stderr too: no escape of it may reach a terminal or a log.
function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[^\P{Cc}\n\t]/gu, '\uFFFD');
}

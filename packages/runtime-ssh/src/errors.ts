/** The one place that reads ssh's words. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import type { HostDestination } from '@farhand/shared/runtime/port';
import { READINGS, type Reading } from './errors/error-readings.ts';
import { keyChangedError, keyRevokedError, readKeyChange, readRemoval } from './errors/key-errors.ts';

/** Lines of ssh's that say no more than the code does, or nothing of the failure. */
const NOISE =
  /^(?:@|Warning: Permanently added|debug\d:|no such identity:|\*\* |Pseudo-terminal will not be allocated|Unspecified GSS failure|No Kerberos credentials|Minor code may provide|kex_exchange_identification: Connection closed|Connection closed by UNKNOWN|It is required that your private|This private key will be ignored|\s*$)/;

const TELLING =
  /line \d+|Could not resolve|Permission denied|no matching|requested strict|not found|No such file|Load key|agent refused|prohibited|expired|not available/;

/**
 * True where the connection must wait for `reconnect` rather than try again: only a person can end it, and trying
 * would only hammer the host or lock the account. Of ours, these are the host's errors that are not `retryable`.
 */
export function needsAPerson(error: FarhandError): boolean {
  return error.code.startsWith('host.') && !error.retryable;
}

/** Whom it was about. Hints name it as `ssh` knows it. */
export interface FailedHost {
  readonly hostId: HostId;
  readonly destination?: HostDestination;
}

/** What ssh's stderr means for this host; `host.ssh_failed` with its last words where nothing fits. */
export function readSshError(stderr: string, { hostId, destination }: FailedHost): FarhandError {
  const text = printable(stderr);
  const details = { hostId, stderr: text.slice(-2000) };
  const { reading, match } = firstFit(text);
  if (reading?.code === 'host.key_changed') {
    return keyChangedError(hostId, readKeyChange(text), readRemoval(text));
  }
  if (reading?.code === 'host.key_revoked') return keyRevokedError(hostId, readKeyChange(text));
  const hint = match && reading?.hint?.(match, destination?.host ?? hostId, text);
  return new FarhandError(reading?.code ?? 'host.ssh_failed', {
    message: `${reading?.title ?? 'ssh failed for'} ${hostId}${lastWords(text)}`,
    ...(hint && { hint }),
    details,
  });
}

function firstFit(text: string): { reading?: Reading; match?: RegExpExecArray } {
  for (const reading of READINGS) {
    const match = reading.pattern.exec(text);
    if (match !== null) return { reading, match };
  }
  return {};
}

function lastWords(text: string): string {
  const lines = text.split('\n').filter((line) => !NOISE.test(line));
  const words = (lines.find((line) => TELLING.test(line)) ?? lines[0] ?? '').trim().slice(0, 300);
  return words === '' ? '.' : ` (${words.replace(/\.$/, '')}).`;
}

// A host's banner comes through stderr too: no escape of it may reach a terminal or a log, nothing of it may turn text
// around, and no backtick of it may begin what a hint shows as a command.
function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{C}\n\t]/gu, '\uFFFD')
    .replaceAll('`', "'");
}

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { pino } from 'pino';
import { openBoundedFile } from './bounded-file.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'silent';

/** Facts of an event: ids and numbers. Never a secret, a transcript, terminal bytes or values of an environment. */
type LogFacts = Readonly<Record<string, unknown>>;

/** `event` is in the past tense: `terminal.opened`. An error goes in the facts as `error`. */
export interface Log {
  /** Someone must act. */
  error(event: string, facts?: LogFacts): void;
  /** Degraded, and dealt with. */
  warn(event: string, facts?: LogFacts): void;
  /** Life cycle. */
  info(event: string, facts?: LogFacts): void;
  debug(event: string, facts?: LogFacts): void;
}

// By name, at the top and one level down: a second line of defence, for facts that should not have been given.
const NEVER_LOGGED = [
  'answer',
  'authorization',
  'code',
  'cookie',
  'env',
  'environment',
  'key',
  'passphrase',
  'password',
  'secret',
  'token',
  'value',
];
const PATHS = NEVER_LOGGED.flatMap((name) => (name === 'code' ? ['code'] : [name, `*.${name}`]));

/** JSON lines in `file`, or on stderr without one. */
export function createLog(level: LogLevel, file?: string): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: PATHS, censor: '[secret]' },
      serializers: { error: describeError },
    },
    file === undefined ? pino.destination({ dest: 2, sync: true }) : openBoundedFile(file),
  );
  const write =
    (at: 'error' | 'warn' | 'info' | 'debug') =>
    (event: string, facts: LogFacts = {}) =>
      logger[at]({ event, ...facts });
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
}

// The cause's stack tells where; a FarhandError's own stack only says where it was wrapped.
function describeError(thrown: unknown): unknown {
  if (thrown instanceof FarhandError) {
    const { code, message, details, cause } = thrown;
    return { code, message, details, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
  }
  if (thrown instanceof Error) return { name: thrown.name, message: thrown.message, stack: thrown.stack };
  return thrown;
}

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type HostRecord, hostRecord } from '@farhand/shared/model/hosts';
import { type Command, InvalidArgumentError } from 'commander';
import { ruleOf } from '../hosts/records/record-toml.ts';

/** What a person says of a host's record on the command line; what is left out stays as it is. */
export interface RecordOptions {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly identityFile?: string;
  readonly directory?: string;
  readonly env?: readonly (readonly [name: string, value: string])[];
  readonly label?: readonly string[];
}

/** The options of every command that says how a host is reached. */
export function addRecordOptions(command: Command): Command {
  return command
    .option('--port <port>', 'instead of the one that ssh’s configuration says', portOf)
    .option('--user <user>', 'to sign in as')
    .option('--identity-file <path>', 'private key on this machine, absolute or from ~/')
    .option('--directory <path>', 'where workspaces are made there, absolute or from ~/')
    .option('--env <name=value>', 'for every job there; once for each, not for secrets', variableIn)
    .option('--label <label>', 'once for each', (label: string, before: string[] = []) => [...before, label]);
}

/** The record with these options. Throws `request.invalid`. */
export function recordOf(options: RecordOptions, before: Partial<HostRecord> = {}): HostRecord {
  const { host, port, user, identityFile, directory, env, label } = options;
  const parsed = hostRecord.safeParse({
    ...before,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(identityFile !== undefined && { identityFile }),
    ...(directory !== undefined && { directory }),
    ...(env && { environment: Object.fromEntries(env) }),
    ...(label && { labels: label }),
  });
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path[0];
  const isKnown = (name: unknown): name is keyof HostRecord => Object.hasOwn(hostRecord.shape, String(name));
  throw new FarhandError('request.invalid', {
    message: isKnown(field) ? `The ${wordOf(field)} ${ruleOf(field)}.` : 'The host cannot be used.',
    hint: 'See `farhand host add --help`.',
  });
}

const wordOf = (field: keyof HostRecord) => (field === 'identityFile' ? 'identity file' : field);

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 1 to 65535.');
}

function variableIn(text: string, before: (readonly [string, string])[] = []): (readonly [string, string])[] {
  const at = text.indexOf('=');
  if (at > 0) return [...before, [text.slice(0, at), text.slice(at + 1)]];
  throw new InvalidArgumentError('A variable is NAME=value.');
}

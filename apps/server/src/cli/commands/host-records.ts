import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { connectionText } from '@farhand/shared/model/connection-text';
import { type Host, type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { Command } from 'commander';
import { findHost } from '../asking.ts';
import type { Context, ContextOf } from '../context.ts';
import { warningLines } from '../host-warning-lines.ts';
import { parseHost } from '../parse-host.ts';
import { addRecordOptions, type RecordOptions, recordOf } from '../record-options.ts';
import { untilSaidYes } from '../said-yes.ts';
import { printable, table } from '../terminal.ts';

interface Yes {
  readonly yes?: boolean;
}

/** `farhand host add|change|show|remove|enable|disable|default|import`. */
export function addHostRecords(host: Command, contextOf: ContextOf): void {
  addRecordOptions(host.command('add <name> [host]'))
    .description('write a host down; without [host] the name is what ssh is given')
    .option('--disabled', 'do not use it yet')
    .action((name: string, wanted: string | undefined, options: AddOptions, command: Command) =>
      add(name, { ...options, host: wanted ?? name }, contextOf(command)),
    );
  addRecordOptions(host.command('change <name>'))
    .description('change what is said of a host; what is not named stays')
    .option('--host <host>', 'what ssh is given: an alias, user@host or ssh://user@host:port')
    .action((name: string, options: RecordOptions, command: Command) =>
      change(name, options, contextOf(command)),
    );
  host
    .command('show <host>')
    .description('everything that is known of a host')
    .action((id: string, _options: unknown, command: Command) => show(id, contextOf(command)));
  host
    .command('remove <name>')
    .description('forget a host; its workspaces stay, and are refused until a host of that name is added')
    .option('-y, --yes', 'without a question')
    .action((name: string, options: Yes, command: Command) => remove(name, options, contextOf(command)));
  for (const [word, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    host
      .command(`${word} <name>`)
      .description(isEnabled ? 'use a host again' : 'close its connections, and refuse what wants one')
      .action(async (name: string, _options: unknown, command: Command) => {
        const { call, output } = contextOf(command);
        const answer = await call('host.set_enabled', { name, isEnabled });
        output.result(`${name} is ${word}d`, answer);
      });
  host
    .command('default [host]')
    .description('where new work goes that names no host; without [host] say which that is')
    .option('--clear', 'this machine again')
    .action((id: string | undefined, options: { clear?: boolean }, command: Command) =>
      setDefault(id, options, contextOf(command)),
    );
  host
    .command('import [names...]')
    .description('write down aliases of the ssh config; without names all that are new')
    .option('--dry-run', 'only say what would be added')
    .option('-y, --yes', 'without a question')
    .action((names: string[], options: ImportOptions, command: Command) =>
      importAliases(names, options, contextOf(command)),
    );
}

interface AddOptions extends RecordOptions {
  readonly disabled?: boolean;
}

async function add(name: string, options: AddOptions, { call, output }: Context): Promise<void> {
  const record = { ...recordOf(options), isEnabled: options.disabled !== true };
  const answer = await call('host.add', { name, record });
  output.result(`Added ${name}. Test it with \`farhand host test ${name}\`.`, answer);
}

async function change(name: string, options: RecordOptions, { call, output }: Context): Promise<void> {
  const found = await knownHost(call, name);
  if (found.record === null)
    throw new FarhandError('host.not_known', {
      message: found.recordProblem ?? `${name} has no record.`,
      hint:
        found.recordProblem === null ? 'Write it down with `farhand host add`.' : 'Mend it in config.toml.',
    });
  const answer = await call('host.change', { name, record: recordOf(options, found.record) });
  output.result(`Changed ${name}`, answer);
}

async function remove(name: string, options: Yes, context: Context): Promise<void> {
  const { call, output } = context;
  const { isDefault } = await knownHost(call, name);
  const { workspaces } = await call('workspace.list', {});
  const count = workspaces.filter((workspace) => workspace.hostId === name).length;
  if (count > 0) {
    const what = count === 1 ? 'One workspace is' : `${count} workspaces are`;
    await untilSaidYes(`${what} on ${name}, and would be refused. Remove the host?`, options, context);
  }
  await call('host.remove', { name });
  const next = 'It was the default host: set another one with `farhand host default`.';
  output.result(`Removed ${name}${isDefault ? `\n${next}` : ''}`, { removed: name });
}

async function setDefault(
  id: string | undefined,
  { clear = false }: { clear?: boolean },
  { call, output }: Context,
): Promise<void> {
  if (clear && id !== undefined)
    throw new FarhandError('request.invalid', {
      message: 'Give a host or --clear, not both.',
      hint: 'See `farhand host default --help`.',
    });
  if (clear) await call('host.clear_default', {});
  else if (id !== undefined) await call('host.set_default', { hostId: parseHost(id) });
  const { hosts } = await call('host.list', {});
  const chosen = hosts.find(({ isDefault }) => isDefault)?.id ?? null;
  const text =
    chosen === LOCAL_HOST ? 'this machine (local)' : (chosen ?? 'a host that is not there any more');
  output.result(`The default host is ${text}.`, { default: chosen });
}

interface ImportOptions extends Yes {
  readonly dryRun?: boolean;
}

async function importAliases(names: string[], options: ImportOptions, context: Context): Promise<void> {
  const { call, output } = context;
  const wanted = names.length === 0 ? null : names;
  const found = await call('host.import', { names: wanted, isDryRun: true });
  const rows = found.hosts.map(({ name, state, address, reason }) => {
    const place = address && `${address.user}@${address.hostname}:${address.port}`;
    return [name, state, place ?? reason ?? ''].map(printable);
  });
  const fresh = found.hosts.filter(({ state }) => state === 'new').length;
  const list =
    rows.length === 0 ? 'The ssh config names no hosts.' : table([['NAME', 'STATE', 'WHERE'], ...rows]);
  if (wanted !== null && found.hosts.some(({ state }) => state === 'refused')) context.exitWith(1);
  if (options.dryRun || fresh === 0) return output.result(list, found);
  if (!options.yes && !output.isJson) context.streams.err.write(`${list}\n`);
  await untilSaidYes(`Add ${fresh === 1 ? 'one host' : `${fresh} hosts`}?`, options, context);
  const made = await call('host.import', { names: wanted, isDryRun: false });
  output.result(`Added ${made.added.join(', ')}`, made);
}

async function show(id: string, { call, output }: Context): Promise<void> {
  const host = await knownHost(call, id);
  output.result(table(rowsOf(host)), { host });
}

function rowsOf(host: Host): string[][] {
  const { record, learned, connection } = host;
  const rows: (readonly [string, string | null | undefined])[] = [
    ['host', `${host.id}${host.isDefault ? ' (default)' : ''}`],
    ['source', host.source],
    ['problem', host.recordProblem],
    ['connection', connectionText(connection, Date.now())],
    ['method', host.method],
    ['leads to', record?.host],
    ['port', record?.port?.toString()],
    ['user', record?.user],
    ['key', record?.identityFile],
    ['directory', record?.directory],
    ['labels', record?.labels.join(', ')],
    ['environment', record && Object.keys(record.environment).join(', ')],
    ['enabled', record && (record.isEnabled ? 'yes' : 'no')],
    [
      'address',
      learned?.address && `${learned.address.user}@${learned.address.hostname}:${learned.address.port}`,
    ],
    ['hostname', learned?.hostname],
    ['system', learned?.system],
    ['shell', learned?.shell],
    ['sessions', host.sessionLimit === null ? null : `${host.sessionLimit} a connection`],
    [
      'tools',
      learned?.tools.map(({ name, version }) => [name, version].filter(Boolean).join(' ')).join(', '),
    ],
    [
      'agents',
      learned?.agents.map(({ name, version }) => [name, version].filter(Boolean).join(' ')).join(', '),
    ],
    ['last contact', learned?.lastContactAt],
    ...warningLines(host).map((line) => ['', line] as const),
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, printable(value)]] : []));
}

async function knownHost(call: Context['call'], id: string): Promise<Host> {
  const host = await findHost(call, id as HostId);
  if (host) return host;
  throw new FarhandError('host.not_known', { message: `No host is called ${printable(id)}.` });
}

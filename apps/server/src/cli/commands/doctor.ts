import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import type { Command } from 'commander';
import { readRunningServer } from '../../config/running-server.ts';
import { askingLine, findHost } from '../asking.ts';
import type { Call } from '../client.ts';
import type { Context, ContextOf } from '../context.ts';
import { checkAudit } from '../doctor/audit-check.ts';
import type { Check } from '../doctor/check.ts';
import { checkConfig } from '../doctor/config-checks.ts';
import { checkFolders } from '../doctor/folder-checks.ts';
import { printable, table } from '../terminal.ts';

const MIN_NODE = [20, 19] as const;

/** `farhand doctor`: what Farhand needs, and whether it is there. Exits with 1 where something must be mended. */
export function addDoctor(program: Command, contextOf: ContextOf): void {
  program
    .command('doctor')
    .description('look at what Farhand needs on this machine')
    .option('--hosts', 'also connect to each host')
    .action((options: { hosts?: boolean }, command: Command) =>
      doctor(options.hosts ?? false, contextOf(command)),
    );
}

async function doctor(isWithHosts: boolean, context: Context): Promise<void> {
  const programs = await Promise.all([
    checkProgram(context, 'git', ['--version']),
    checkProgram(context, 'ssh', ['-V']),
  ]);
  const checks = [
    checkNode(),
    ...programs,
    ...(await checkFolders(context)),
    ...checkConfig(context),
    ...(await checkAudit(context)),
    await checkServer(context),
    ...(await checkHosts(isWithHosts, context)),
  ];
  const rows = checks.flatMap(({ name, state, text, hint }) => [
    [state === 'ok' ? '✓' : state === 'note' ? '·' : '✗', name, text],
    ...(hint ? [['', '', hint]] : []),
  ]);
  context.output.result(table(rows), { checks });
  if (checks.some(({ state }) => state === 'bad')) context.exitWith(1);
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  return {
    name: 'node',
    state: isNew ? 'ok' : 'bad',
    text: process.versions.node,
    hint: isNew ? null : `Install Node ${MIN_NODE.join('.')} or newer.`,
  };
}

async function checkProgram({ versionOf }: Context, name: string, args: readonly string[]): Promise<Check> {
  const version = await versionOf(name, args);
  if (version !== null) return { name, state: 'ok', text: version, hint: null };
  return {
    name,
    state: 'bad',
    text: 'not found',
    hint: `Install ${name === 'ssh' ? 'OpenSSH’s client' : name}.`,
  };
}

async function checkServer({ call, paths }: Context): Promise<Check> {
  try {
    const { version, rssBytes } = await call('server.status', {});
    const url = readRunningServer(paths.serverFile)?.url;
    return {
      name: 'server',
      state: 'ok',
      text: `${version} at ${url}, ${Math.round(rssBytes / 2 ** 20)} MiB`,
      hint: null,
    };
  } catch (thrown) {
    const { message, hint, code } = FarhandError.from(thrown);
    return { name: 'server', state: code === 'server.not_running' ? 'note' : 'bad', text: message, hint };
  }
}

/** Of those that are connected only what they warned of; where `isConnecting`, each host is connected first. */
async function checkHosts(isConnecting: boolean, { call }: Context): Promise<Check[]> {
  const { hosts } = await call('host.list', {}).catch(() => ({ hosts: [] }));
  if (!isConnecting) return hosts.flatMap(checkWarnings);
  const checks = await Promise.all(hosts.map(({ id }) => checkHost(id, call)));
  return checks.flat();
}

async function checkHost(id: HostId, call: Call): Promise<Check[]> {
  try {
    await call('host.reconnect', { hostId: id });
    const host = await findHost(call, id);
    const asks = host && askingLine(host);
    if (asks) return [{ name: id, state: 'bad', text: asks, hint: null }];
    const connected = { name: id, state: 'ok', text: 'connected', hint: null } as const;
    return [connected, ...(host ? checkWarnings(host) : [])];
  } catch (thrown) {
    const { message, hint } = FarhandError.from(thrown);
    return [{ name: id, state: 'bad', text: message, hint }];
  }
}

function checkWarnings({ id, warnings }: Host): Check[] {
  return warnings.map(({ message, hint }) => ({
    name: id,
    state: 'note',
    text: printable(message),
    hint: hint && printable(hint),
  }));
}

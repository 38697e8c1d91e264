/** What carries a direct connection: a TCP socket, or a program that leads to one. */
import { connect, type Socket } from 'node:net';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { jumpArguments } from '../config.ts';
import type { MasterOptions } from '../masters/master.ts';
import { openAskpass } from '../questions/askpass.ts';
import { ProxySocket } from './proxy-socket.ts';
import type { DirectSettings } from './settings.ts';
import { expandCommand } from './tokens.ts';

/** Between tries of a name's addresses. Node's own quarter of a second gives up on slow links. */
const NEXT_ADDRESS_AFTER_MS = 3_000;

/** Not connected yet, as a rule: its `connect`, `error` and `close` tell. */
export type DirectSocket = Socket | ProxySocket;

export async function openDirectSocket(
  options: MasterOptions,
  settings: DirectSettings,
): Promise<DirectSocket> {
  const { proxyJump, proxyCommand } = settings;
  if (proxyJump !== null) return jump(options, settings, proxyJump);
  if (proxyCommand !== null) {
    return new ProxySocket({
      program: options.environment?.SHELL ?? '/bin/sh',
      // As ssh starts it: by the person's shell, and in its place.
      args: ['-c', `exec ${expandCommand(proxyCommand, settings)}`],
      environment: options.environment,
    });
  }
  const socket = connect({
    host: settings.hostname,
    port: settings.port,
    family: settings.addressFamily,
    autoSelectFamily: settings.addressFamily === 0,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    noDelay: true,
    keepAlive: true,
    ...(settings.bindAddress !== undefined && { localAddress: settings.bindAddress }),
  });
  return socket;
}

// The jump host is the system ssh's affair, its keys and its questions included.
async function jump(options: MasterOptions, settings: DirectSettings, chain: string): Promise<ProxySocket> {
  const { environment } = options;
  if (options.questions && environment === undefined)
    throw new FarhandError('internal.unexpected', { message: 'Questions need the environment of ssh.' });
  const askpass = options.questions && (await openAskpass({ ...options, questions: options.questions }));
  const socket = new ProxySocket({
    program: options.sshProgram ?? 'ssh',
    args: jumpArguments(options, { chain, hostname: settings.hostname, port: settings.port }),
    environment: askpass ? { DISPLAY: ':0', ...environment, ...askpass.environment } : environment,
  });
  // The first byte comes from beyond it: it is signed in, and asks no more.
  socket.once('carrying', () => askpass?.close());
  socket.once('close', () => askpass?.close());
  return socket;
}

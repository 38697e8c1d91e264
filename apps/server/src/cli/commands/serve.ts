import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LogLevel } from '../../logging/log.ts';
import type { Context, ContextOf } from '../context.ts';

interface ServeOptions {
  readonly port?: number;
  readonly host: string;
  readonly allowRemote?: boolean;
  readonly allowedHost: readonly string[];
  readonly open?: boolean;
  readonly dev?: boolean;
  readonly logLevel: LogLevel;
}

/** `farhand serve`: runs the server until it is told to stop. */
export function addServe(program: Command, contextOf: ContextOf): void {
  program
    .command('serve')
    .description('run the server and print the link to open it')
    .option(
      '--port <port>',
      'port to listen on; without it 7373, or a free one where that is taken',
      parsePort,
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-remote', 'allow an address that others on the network reach')
    .option(
      '--allowed-host <name>',
      'a further Host header to answer, as of a proxy in front; may be repeated',
      collect,
      [],
    )
    .option('--open', 'open a browser')
    .option('--no-open', 'open no browser')
    .option('--dev', 'build the page from its sources at each change')
    .addOption(
      new Option('--log-level <level>', 'what goes into the log')
        .choices(['error', 'warn', 'info', 'debug', 'silent'])
        .default('info'),
    )
    .action((options: ServeOptions, command: Command) => serve(options, contextOf(command)));
}

async function serve(options: ServeOptions, context: Context): Promise<void> {
  // Asked for before the start, so that a signal in the middle of it is not lost.
  const stopped = context.untilStopped();
  const server = await context.startServer({
    port: options.port ?? null,
    host: options.host,
    isRemoteAllowed: options.allowRemote ?? false,
    allowedHosts: options.allowedHost,
    isDevelopment: options.dev ?? false,
    logLevel: options.logLevel,
  });
  const loginUrl = server.loginUrl();
  const text = `Farhand is running. Open this link within ten minutes; it works once:\n\n  ${loginUrl}\n`;
  context.output.result(text, { loginUrl, pid: process.pid });
  const wantsBrowser =
    options.open ?? (context.isInteractive && context.hasDisplay && !context.output.isJson);
  // A link of its own: one that the browser used up would be dead in the terminal.
  if (wantsBrowser) context.openBrowser(server.loginUrl());
  await stopped;
  await server.close();
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

const collect = (value: string, before: readonly string[]) => [...before, value];

import type { Command } from 'commander';
import type { Paths } from '../config/paths.ts';
import type { RunningServer, ServerOptions } from '../main.ts';
import type { GivenKey } from '../secrets/master-key.ts';
import { type Call, createCall } from './client.ts';
import { type RemoteServer, remoteServer, type WantedServer } from './remote-server.ts';
import { createOutput, type Output, type Streams } from './terminal.ts';

/** What commands work with; tests bring their own. */
export interface Surroundings {
  readonly streams: Streams;
  readonly isInteractive: boolean;
  readonly hasDisplay: boolean;
  readonly paths: Paths;
  /** The key where it was given with the start; the one in its file where not given. */
  readonly masterKey?: () => Promise<GivenKey | null>;
  readonly startServer: (options: ServerOptions) => Promise<RunningServer>;
  /** Resolves when the person or the system asks the program to end. */
  readonly untilStopped: () => Promise<void>;
  /** One line that the person types, shown or not; null where they end the input instead. */
  readonly ask: (prompt: string, isSecret: boolean) => Promise<string | null>;
  /** All of what stdin is, up to a limit of bytes; throws `request.too_large`. */
  readonly readInput?: (maxBytes: number) => Promise<Uint8Array>;
  readonly openBrowser: (url: string) => void;
  /** What the environment says of another server. */
  readonly remote?: WantedServer['environment'];
  /** How this program is started, for those who are to start it. */
  readonly program?: ProgramStart;
  /** The first line of what a program prints; null where there is no such program. */
  readonly versionOf: (program: string, args: readonly string[]) => Promise<string | null>;
}

/** For one run of a command. */
export interface Context extends Surroundings {
  readonly output: Output;
  readonly call: Call;
  /** The exit status of the program, where the command ends well but not with 0. */
  exitWith(status: number): void;
}

/** How a program is started: absolute path, arguments, and what it needs of the environment. */
export interface ProgramStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Folders of programs' settings that the environment names, as `CLAUDE_CONFIG_DIR`, `CODEX_HOME`, `XDG_CONFIG_HOME`. */
  readonly folders: Readonly<Record<string, string | undefined>>;
}

/** The server that a command is for, where it is not that of the own data folder. */
export function remoteOf(
  command: Command,
  { remote = {} }: Pick<Surroundings, 'remote'>,
): RemoteServer | null {
  const { server, tokenFile } = command.optsWithGlobals<{ server?: string; tokenFile?: string }>();
  return remoteServer({ server, tokenFile, environment: remote });
}

/** A command's way to its context, which depends on `--json`. */
export type ContextOf = (command: Command) => Context;

export function createContextOf(surroundings: Surroundings, exitWith: (status: number) => void): ContextOf {
  return (command) => ({
    ...surroundings,
    output: createOutput(surroundings.streams, command.optsWithGlobals<{ json?: boolean }>().json === true),
    // Found at the first call: commands about this machine need no other server, however it is named.
    call: (name, input, options) =>
      createCall({
        serverFile: surroundings.paths.serverFile,
        remote: remoteOf(command, surroundings),
      })(name, input, options),
    exitWith,
  });
}

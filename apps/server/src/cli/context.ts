import type { Command } from 'commander';
import type { Paths } from '../config/paths.ts';
import type { RunningServer, ServerOptions } from '../main.ts';
import { type Call, createCall } from './client.ts';
import { createOutput, type Output, type Streams } from './terminal.ts';

/** What commands work with; tests bring their own. */
export interface Surroundings {
  readonly streams: Streams;
  readonly isInteractive: boolean;
  readonly hasDisplay: boolean;
  readonly paths: Paths;
  readonly startServer: (options: ServerOptions) => Promise<RunningServer>;
  /** Resolves when the person or the system asks the program to end. */
  readonly untilStopped: () => Promise<void>;
  /** One line that the person types, shown or not; null where they end the input instead. */
  readonly ask: (prompt: string, isSecret: boolean) => Promise<string | null>;
  readonly openBrowser: (url: string) => void;
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

/** A command's way to its context, which depends on `--json`. */
export type ContextOf = (command: Command) => Context;

export function createContextOf(surroundings: Surroundings, exitWith: (status: number) => void): ContextOf {
  return (command) => ({
    ...surroundings,
    output: createOutput(surroundings.streams, command.optsWithGlobals<{ json?: boolean }>().json === true),
    call: createCall(surroundings.paths.serverFile),
    exitWith,
  });
}

import { Command, CommanderError } from 'commander';
import { VERSION } from '../config/version.ts';
import { addAgents } from './commands/agents.ts';
import { addApprovals } from './commands/approvals.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExec } from './commands/exec.ts';
import { addHost } from './commands/host.ts';
import { addJobs, addSweep } from './commands/jobs.ts';
import { addLoginUrl } from './commands/login-url.ts';
import { addServe } from './commands/serve.ts';
import { addWorkspace } from './commands/workspace.ts';
import { createContextOf, type Surroundings } from './context.ts';
import { tellError } from './terminal.ts';

/** Runs the command that `argv` (without node and the program) says. Resolves to the exit status. */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let status = 0;
  let isJson = false;
  const program = createProgram(surroundings, (code) => (status = code));
  // Asked of the command itself: the same word may be an argument of what `exec` runs.
  program.hook('preAction', (_program, command) => {
    isJson = command.optsWithGlobals<{ json?: boolean }>().json === true;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    // Commander has told its own already: wrong usage, or the help that was asked for.
    if (thrown instanceof CommanderError) return thrown.exitCode;
    tellError(surroundings.streams, isJson, thrown);
    return 1;
  }
  return status;
}

function createProgram(surroundings: Surroundings, exitWith: (status: number) => void): Command {
  const { out, err } = surroundings.streams;
  const program = new Command('farhand')
    .description('Many coding agents at once, on any machine that ssh reaches.')
    .version(VERSION)
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => void out.write(text), writeErr: (text) => void err.write(text) })
    .exitOverride();
  const contextOf = createContextOf(surroundings, exitWith);
  for (const add of [
    addServe,
    addLoginUrl,
    addWorkspace,
    addExec,
    addHost,
    addAgents,
    addApprovals,
    addJobs,
    addSweep,
    addDoctor,
  ])
    add(program, contextOf);
  for (const command of leaves(program)) command.option('--json', 'print one JSON document for programs');
  return program;
}

// Settings of the program are handed to a command when it is made, so that only the option remains to be added.
function leaves(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length > 0 ? leaves(child) : [child]));
}

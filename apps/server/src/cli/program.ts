import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { Command, CommanderError } from 'commander';
import { VERSION } from '../config/version.ts';
import { addAgents } from './commands/agents.ts';
import { addApprovals } from './commands/approvals.ts';
import { addAudit } from './commands/audit.ts';
import { addCheckpoint } from './commands/checkpoint.ts';
import { addCoder } from './commands/coder.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDryRun } from './commands/dry-run.ts';
import { addExec } from './commands/exec.ts';
import { addHost } from './commands/host.ts';
import { addJobs, addSweep } from './commands/jobs.ts';
import { addLoginUrl } from './commands/login-url.ts';
import { addMcp } from './commands/mcp.ts';
import { addOperation } from './commands/operation.ts';
import { addPolicy } from './commands/policy.ts';
import { addProject } from './commands/project.ts';
import { addRun } from './commands/run.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addSecret } from './commands/secret.ts';
import { addServe } from './commands/serve.ts';
import { addSession } from './commands/session.ts';
import { addSudo } from './commands/sudo.ts';
import { addToken } from './commands/token.ts';
import { addWorkspace } from './commands/workspace.ts';
import { createContextOf, type Surroundings } from './context.ts';
import { tellError } from './terminal.ts';

/** Runs the command that `argv` (without node and the program) says. Resolves to the exit status. */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let status = 0;
  let isJson = false;
  const misuse: string[] = [];
  const program = createProgram(surroundings, {
    exitWith: (code) => (status = code),
    // Until a command is found, the words themselves say whom it is told to.
    writeErr: (text) => void (asksForJson(argv) ? misuse.push(text) : surroundings.streams.err.write(text)),
  });
  // Asked of the command itself: the same word may be an argument of what `exec` runs.
  program.hook('preAction', (_program, command) => {
    isJson = command.optsWithGlobals<{ json?: boolean }>().json === true;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    // Commander has told its own already: wrong usage, or the help that was asked for.
    if (thrown instanceof CommanderError) {
      if (misuse.length > 0) tellError(surroundings.streams, true, usageError(misuse.join('')));
      return thrown.exitCode;
    }
    tellError(surroundings.streams, isJson, thrown);
    return 1;
  }
  return status;
}

/** They are about this machine, whatever server is named. */
const OF_THIS_MACHINE = new Set([
  'serve',
  'doctor',
  'completion',
  'mcp install',
  'mcp uninstall',
  ...['verify', 'search', 'show', 'export'].map((verb) => `audit ${verb}`),
]);

const asksForJson = (argv: readonly string[]) => {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json');
};

function usageError(text: string): FarhandError {
  const [message = '', ...rest] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  return new FarhandError('request.invalid', { message, hint: rest.at(-1) ?? 'See `farhand --help`.' });
}

interface ProgramEnds {
  readonly exitWith: (status: number) => void;
  readonly writeErr: (text: string) => void;
}

function createProgram(surroundings: Surroundings, { exitWith, writeErr }: ProgramEnds): Command {
  const { out } = surroundings.streams;
  const program = new Command('farhand')
    .description('Many coding agents at once, on any machine that ssh reaches.')
    .version(VERSION)
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => void out.write(text), writeErr })
    .exitOverride();
  const contextOf = createContextOf(surroundings, exitWith);
  for (const add of [
    addServe,
    addLoginUrl,
    addWorkspace,
    addExec,
    addRun,
    addOperation,
    addHost,
    addCoder,
    addSandbox,
    addSudo,
    addAgents,
    addProject,
    addSecret,
    addApprovals,
    addPolicy,
    addAudit,
    addJobs,
    addSession,
    addToken,
    addSweep,
    addCheckpoint,
    addDryRun,
    addDoctor,
  ])
    add(program, contextOf);
  addMcp(program, contextOf, surroundings);
  addCompletion(program, contextOf);
  for (const command of [program, ...all(program)])
    command.showHelpAfterError(`See \`${['farhand', pathOf(command)].join(' ').trim()} --help\`.`);
  for (const command of leaves(program)) {
    command.option('--json', 'print one JSON document for programs');
    if (!OF_THIS_MACHINE.has(pathOf(command)))
      command
        .option('--server <url>', 'of another Farhand, by its HTTP API; or FARHAND_URL')
        .option('--token-file <file>', 'holds the token for it; or FARHAND_TOKEN');
  }
  return program;
}

// Settings of the program are handed to a command when it is made, so that only the option remains to be added.
function leaves(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length > 0 ? leaves(child) : [child]));
}

function all(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...all(child)]);
}

// As it is typed, without the program.
function pathOf(command: Command): string {
  if (!command.parent) return '';
  return command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

import { FarhandError } from '../errors/farhand-error.ts';
import { concatBytes, newNonce } from './bytes.ts';
import { folderError } from './cwd.ts';
import { exportLines } from './environment.ts';
import { FORGET_LIBRARY } from './library.ts';
import type { Command, ExecOptions, Runtime } from './port.ts';
import { quote } from './quote.ts';
import { RefusalReader } from './refusal.ts';
import type { HostShell } from './shell.ts';

const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** `Runtime.exec` on a shell. Throws `file.not_found`, `file.not_directory`, `file.permission_denied` for `cwd`, and `command.not_found`. */
export function createExec(shell: HostShell): Runtime['exec'] {
  return async (command, options = {}) => {
    // A leading control character: ordinary output is not held back for looking like the start of the mark.
    const mark = `\x01farhand:${newNonce()}:`;
    const collected: Uint8Array[] = [];
    const reader = new RefusalReader(mark, options.onStderr ?? ((bytes) => void collected.push(bytes)));
    const result = await shell.run(renderCommand(command, options, mark), {
      ...passedOn(options),
      maxOutputBytes: options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
      onStderr: options.onStderr ? (bytes) => reader.push(bytes) : limited(reader, options.maxOutputBytes),
    });
    const reason = await reader.end();
    if (reason !== null) throw refusal(reason, command, options.cwd);
    return { ...result, stderr: concatBytes(collected) };
  };
}

function passedOn({ stdin, onStdout, timeoutMs, signal, lane }: ExecOptions) {
  return {
    ...(stdin === undefined ? {} : { stdin }),
    ...(onStdout === undefined ? {} : { onStdout }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(signal === undefined ? {} : { signal }),
    ...(lane === undefined ? {} : { lane }),
  };
}

// With a callback the shell counts nothing, so what is collected here is bounded here.
function limited(reader: RefusalReader, maxOutputBytes = DEFAULT_MAX_OUTPUT_BYTES) {
  let total = 0;
  return (bytes: Uint8Array) => {
    total += bytes.length;
    if (total > maxOutputBytes)
      throw new FarhandError('command.output_too_large', { details: { maxOutputBytes } });
    return reader.push(bytes);
  };
}

/** The shell text for one command, by the functions of library.ts; what it refuses itself it prints after `mark`. */
export function renderCommand(
  command: Command,
  { cwd, env }: Pick<ExecOptions, 'cwd' | 'env'>,
  mark: string,
): string {
  const enter = cwd === undefined ? '' : `enter_folder ${quote(cwd)} || refuse "cwd $farhand_why"\n`;
  return `farhand_mark=${quote(mark)}\n${enter}${exportLines(env)}${'script' in command ? withoutOurs(command.script) : program(command.argv)}`;
}

// The person's script does not see our functions, and "sh" reads it as a text of its own.
function withoutOurs(script: string): string {
  return `${FORGET_LIBRARY}eval ${quote(script)}\n`;
}

function program(argv: readonly [string, ...string[]]): string {
  return `run_program ${argv.map(quote).join(' ')}\n`;
}

function refusal(reason: string, command: Command, cwd: string | undefined): FarhandError {
  if (reason.startsWith('cwd ')) return folderError(reason.slice(4), cwd);
  const name = 'argv' in command ? command.argv[0] : 'sh';
  const message =
    reason === 'program denied'
      ? `${name} on the host cannot be run.`
      : `There is no program ${name} on the host.`;
  return new FarhandError('command.not_found', { message, details: { program: name } });
}

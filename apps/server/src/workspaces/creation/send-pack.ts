/** Scripts on the host that read a pack from stdin. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ExecOptions, Runtime } from '@farhand/shared/runtime/port';
import { hostFailure } from '../errors.ts';
import { type HostScript, runScript } from '../host-script.ts';

export interface SendPack extends Pick<ExecOptions, 'onStdout'> {
  /** Null where the host has all of it already. */
  readonly pack: AsyncIterable<Uint8Array> | null;
  readonly signal: AbortSignal;
  /** For the error, as `code`. */
  readonly what: string;
}

/** A large repository on a slow line. */
const TIMEOUT_MS = 60 * 60_000;

/** One round trip; gives what it printed. Throws `workspace.transfer_failed`, `disk.*`, `host.*`. */
export async function sendPack(runtime: Runtime, script: HostScript, sending: SendPack): Promise<string> {
  const { what, onStdout } = sending;
  const sender = startSending(sending.pack, sending.signal);
  const result = await runScript(runtime, script, {
    signal: sender.signal,
    timeoutMs: TIMEOUT_MS,
    ...(onStdout && { onStdout }),
    ...(sender.stdin && { stdin: sender.stdin }),
  }).catch((error: unknown) => {
    throw sender.failure() ?? error;
  });
  const failure = sender.failure();
  if (failure) throw failure;
  if (result.code !== 0)
    throw hostFailure(
      result.stderr,
      'workspace.transfer_failed',
      `${runtime.hostId} could not take the ${what}`,
    );
  return new TextDecoder().decode(result.stdout);
}

/** The pack as stdin; when packing fails, the host's script is ended and the reason kept, which tells more than its own. */
function startSending(pack: AsyncIterable<Uint8Array> | null, signal: AbortSignal) {
  const stop = new AbortController();
  let failure: FarhandError | null = null;
  async function* guarded(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      yield* source;
    } catch (cause) {
      failure = new FarhandError('workspace.transfer_failed', {
        message: `The code could not be packed: ${FarhandError.from(cause).message}`,
        cause,
      });
      stop.abort(failure);
      throw failure;
    }
  }
  return {
    stdin: pack && guarded(pack),
    signal: AbortSignal.any([signal, stop.signal]),
    failure: (): FarhandError | null => failure,
  };
}

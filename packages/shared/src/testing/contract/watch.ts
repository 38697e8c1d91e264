import type { JobId } from '../../model/ids.ts';
import type { Exit } from '../../model/terminals.ts';
import { concatBytes } from '../../runtime/bytes.ts';
import type { AttachOptions, Command, Runtime } from '../../runtime/port.ts';
import type { RuntimeUnderTest } from '../runtime-contract.ts';

const LOOK_AGAIN_MS = 20;

export type Subject = () => RuntimeUnderTest;

/** Resolves when `look` gives true; a test's own time limit ends the waiting. */
export async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
}

export const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What one attachment has seen so far, and how it ended. */
export interface Watch {
  text(stream?: 'out' | 'err'): string;
  bytes(stream?: 'out' | 'err'): Uint8Array;
  readonly missed: [string, number, number][];
  readonly ended: Promise<Exit | 'detached'>;
  /** Resolves when the text of `out` matches; fails when the attachment ends without it. */
  sees(pattern: RegExp): Promise<void>;
  detach(): Promise<unknown>;
}

/** Attaches and collects; checks that pieces are without gap or repeat. */
export function watchJob(runtime: Runtime, id: JobId, after?: AttachOptions['after']): Watch {
  const pieces = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  const next = { out: after?.out ?? 0, err: after?.err ?? 0 };
  const missed: [string, number, number][] = [];
  const abort = new AbortController();
  let isOver = false;
  const ended = runtime.jobs.attach(id, {
    ...(after === undefined ? {} : { after }),
    signal: abort.signal,
    onMissed: (stream, from, to) => {
      if (from !== next[stream]) throw new Error(`missed from ${from}, expected ${next[stream]}`);
      missed.push([stream, from, to]);
      next[stream] = to;
    },
    onOutput: (stream, offset, bytes) => {
      if (offset !== next[stream]) throw new Error(`${stream} at ${offset}, expected ${next[stream]}`);
      next[stream] += bytes.length;
      pieces[stream].push(bytes.slice());
    },
  });
  void ended.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  const text = (stream: 'out' | 'err' = 'out') => decode(concatBytes(pieces[stream]));
  return {
    text,
    bytes: (stream = 'out') => concatBytes(pieces[stream]),
    missed,
    ended,
    sees: async (pattern) => {
      await until(() => isOver || pattern.test(text()));
      if (!pattern.test(text())) throw new Error(`the job ended without ${pattern}: ${text()}`);
    },
    detach: () => {
      abort.abort();
      return ended;
    },
  };
}

/** Runs a command that must succeed; its stdout. */
export async function sh(runtime: Runtime, script: string): Promise<string> {
  const { outcome, stdout, stderr } = await runtime.exec({ script });
  if (outcome.kind !== 'exited' || outcome.code !== 0)
    throw new Error(`${script}: ${JSON.stringify(outcome)} ${decode(stderr)}`);
  return decode(stdout);
}

/** True while the process lives on the host; a zombie does not. */
export async function isAlive(runtime: Runtime, pid: string): Promise<boolean> {
  const { stdout } = await runtime.exec({
    script: `ps -o stat= -p ${Number(pid)} 2>/dev/null || sed 's/.*) //' /proc/${Number(pid)}/stat 2>/dev/null`,
  });
  return /^[^Z\s]/.test(decode(stdout).trim());
}

/** Prints every argument list on the host, one a line; a small host has no ps. */
export const ARGUMENT_LISTS = `ps -eo args 2>/dev/null || for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$f; echo; done 2>/dev/null`;

export const script = (text: string): Command => ({ script: text });

import type { ExecOptions, ExecResult, Files } from './port.ts';

export interface RunOptions
  extends Pick<ExecOptions, 'stdin' | 'maxOutputBytes' | 'timeoutMs' | 'signal' | 'lane'> {
  /** A returned promise holds back the source until it settles, so that a slow reader costs no memory. */
  readonly onStdout?: (bytes: Uint8Array) => void | Promise<void>;
  readonly onStderr?: (bytes: Uint8Array) => void | Promise<void>;
  /**
   * True for what watches for long (the stream hub): it must not hold a place that short commands wait for. With `stdin`
   * it ends when that ends, which is also what it sees of a lost connection.
   */
  readonly lasting?: boolean;
}

/**
 * The one thing a runtime must bring besides files: `sh` on its host. Commands (exec.ts) and jobs (jobs.ts) are built on
 * it, so their logic is written once. `script` finds the functions of library.ts defined. It reaches sh by stdin or a descriptor, never by an argument list; it starts
 * in the home folder with the environment of a login shell, in a process group that ends with it (RT7, RT8).
 */
export interface HostShell {
  run(script: string, options?: RunOptions): Promise<ExecResult>;
}

/** The port's files and the one call that a job's input needs besides them. */
export interface HostFiles extends Files {
  /**
   * Puts `bytes` at `offset` of an existing file and leaves the rest as it is; the same call again changes nothing.
   * Never makes the file: `file.not_found`.
   */
  writeAt(path: string, offset: number, bytes: Uint8Array): Promise<void>;
}

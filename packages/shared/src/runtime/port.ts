/** The port that acts on a host. Its rules, numbered and tested, are in SPEC.md beside this file. */
import type { FarhandError } from '../errors/farhand-error.ts';
import type { ConnectionMethod, ConnectionState, HostAddress, HostId } from '../model/hosts.ts';
import type { JobId } from '../model/ids.ts';
import type { Exit } from '../model/terminals.ts';

/** A program with its arguments, or a text that the host's `sh` runs. */
export type Command = { readonly argv: readonly [string, ...string[]] } | { readonly script: string };

/** Variables added to what a login shell on the host gives; values never appear in an argument list. */
export type Environment = Readonly<Record<string, string>>;

export interface ExecOptions {
  /** Absolute path; the home folder when absent. */
  readonly cwd?: string;
  readonly env?: Environment;
  /** Sent whole, then end of file; `/dev/null` when absent. */
  readonly stdin?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Called with each piece as it arrives; then nothing is collected into the result. */
  readonly onStdout?: (bytes: Uint8Array) => void;
  readonly onStderr?: (bytes: Uint8Array) => void;
  /** Collected bytes per stream above which the command is ended with `command.output_too_large`; default 16 MiB. */
  readonly maxOutputBytes?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Commands of one lane wait for one another, never for those of another lane: a workspace's id. */
  readonly lane?: string;
}

/** How an exec ended. `cancelled` and `timed_out` come after its process group is gone. */
export type ExecOutcome =
  | Exclude<Exit, { kind: 'lost' | 'rebooted' }>
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed_out' };

export interface ExecResult {
  readonly outcome: ExecOutcome;
  /** Empty where the matching callback was given. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface HostFacts {
  readonly home: string;
  readonly user: string;
  /** `uname -s`, as `Linux`. */
  readonly system: string;
  readonly hostname: string;
  /** Null where the host does not tell one. Changes when the machine starts anew. */
  readonly bootId: string | null;
  readonly gitVersion: string | null;
  readonly hasRipgrep: boolean;
  readonly hasBash: boolean;
  /** True where a program can hold a pty: util-linux's `script`, perl or python3. */
  readonly hasTerminal: boolean;
  /** True where jobs die with the last connection (logind's KillUserProcesses); null where the host does not tell. */
  readonly killsAtLogout: boolean | null;
}

export type JobStream = 'out' | 'err';

export interface JobSpec {
  /** Chosen by the caller: starting the same id again starts nothing and is no error. */
  readonly id: JobId;
  readonly command: Command;
  readonly cwd: string;
  readonly env?: Environment;
  /** True where `write` will be used; otherwise the program reads `/dev/null`. */
  readonly input?: boolean;
  /** True where stderr goes into `out`, in order. Always so for a terminal. */
  readonly mergeOutput?: boolean;
  /** Gives the program a pty: then `input` and `mergeOutput` are true. */
  readonly terminal?: { readonly rows: number; readonly cols: number };
  /** Kept with the job so that jobs of one workspace are found: a workspace id. */
  readonly label?: string;
  /** By whose word it runs, for those who keep a record: an approval, or a rule. A runtime does not look at it. */
  readonly allowedBy?: { readonly approvalId: string | null; readonly rule: string | null };
}

export type JobState = { readonly state: 'running' } | { readonly state: 'ended'; readonly exit: Exit };

export interface JobRecord {
  readonly id: JobId;
  readonly label: string | null;
  readonly status: JobState;
  /** Total bytes ever written to each stream, dropped ones included. */
  readonly outBytes: number;
  readonly errBytes: number;
  /** Bytes written to its input so far: the offset of the next `write`. */
  readonly inBytes: number;
  /** What its folder takes on the host's disk now. */
  readonly keptBytes: number;
}

export interface AttachOptions {
  /** Starts this job first, in the same round trip and with the errors of `start`; its id is the one attached to. */
  readonly start?: JobSpec;
  /** Offsets of the first byte wanted; 0 when absent. */
  readonly after?: { readonly out?: number; readonly err?: number };
  /** Pieces of one stream come in order without gap or repeat; a returned promise holds back the next piece. */
  readonly onOutput: (stream: JobStream, offset: number, bytes: Uint8Array) => void | Promise<void>;
  /** Bytes `from` up to `to` were dropped on the host before they were read. */
  readonly onMissed?: (stream: JobStream, from: number, to: number) => void;
  /** Ends the watching, never the job. */
  readonly signal?: AbortSignal;
}

export interface Jobs {
  /** Starts it; resolves when it runs. `job.start_failed`, `file.not_found` for `cwd`. */
  start(spec: JobSpec): Promise<void>;
  /** Its output from the offsets given and, after all of it, how it ended; `detached` when the signal ended the watching. Throws `job.not_found`, `host.connection_lost`. */
  attach(id: JobId, options: AttachOptions): Promise<Exit | 'detached'>;
  get(id: JobId): Promise<JobRecord>;
  /** All jobs on the host, or those with this label. */
  list(label?: string): Promise<JobRecord[]>;
  /** Puts `bytes` at `offset` of its input; the same write again changes nothing. `job.no_input`. */
  write(id: JobId, offset: number, bytes: Uint8Array): Promise<void>;
  /** One range of what is kept, at most `limit` bytes (default 1 MiB); bytes dropped before it are skipped. */
  read(
    id: JobId,
    stream: JobStream,
    offset: number,
    limit?: number,
  ): Promise<{ offset: number; bytes: Uint8Array }>;
  resize(id: JobId, rows: number, cols: number): Promise<void>;
  /** Signals its process group: a name such as `SIGINT`. A job that ended is left alone. */
  signal(id: JobId, signal: string): Promise<void>;
  /** SIGTERM, after `graceMs` (default 2000) SIGKILL; resolves when the group is seen to be gone. */
  stop(id: JobId, options?: { graceMs?: number }): Promise<Exit>;
  /** Stops it if need be and removes its folder; a missing job is no error. */
  remove(id: JobId): Promise<void>;
}

export type FileKind = 'file' | 'directory' | 'symlink' | 'other';

export interface FileStat {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Permission bits, as 0o644. */
  readonly mode: number;
  readonly modifiedAtMs: number;
}

export interface DirectoryEntry extends FileStat {
  /** Bytes that are not UTF-8 come as U+FFFD. */
  readonly name: string;
}

/** Files on the host by absolute path. Errors: `file.*`, `disk.*`. */
export interface Files {
  /** From `offset` (default 0), at most `limit` bytes (default all, `file.too_large` above 64 MiB). Follows symlinks. */
  read(path: string, options?: { offset?: number; limit?: number }): Promise<Uint8Array>;
  /** Replaces the whole file at once: a reader sees the old or the new one. Keeps its mode (new: `mode`, default 0o644 less umask) and writes through a symlink. Makes missing parent folders. */
  write(path: string, bytes: Uint8Array, options?: { mode?: number }): Promise<void>;
  /** Sorted by name; without `.` and `..`. At most `limit` (default 10,000). */
  list(path: string, options?: { limit?: number }): Promise<DirectoryEntry[]>;
  /** Of the thing itself: a symlink is not followed. */
  stat(path: string): Promise<FileStat>;
  /** The real path with every symlink resolved; the parts that do not exist are kept as they are. */
  realpath(path: string): Promise<string>;
  /** A missing path is no error; a folder with something in it needs `recursive`. Never follows a symlink. */
  remove(path: string, options?: { recursive?: boolean }): Promise<void>;
}

/** A local TCP port whose connections reach `port` on the host's loopback. */
export interface Forward {
  readonly localPort: number;
  close(): Promise<void>;
}

/** What ssh is told beside its own configuration; null leaves it to that. */
export interface HostDestination {
  /** An alias, `user@host`, or `ssh://user@host:port`. */
  readonly host: string;
  readonly port: number | null;
  readonly user: string | null;
  readonly identityFile: string | null;
}

/** Where a host is, or why nothing may connect to it. */
export type HostAccess = { readonly destination: HostDestination } | { readonly refusal: FarhandError };

export interface Runtime {
  readonly hostId: HostId;
  readonly files: Files;
  readonly jobs: Jobs;
  /** Now, without asking the host. */
  connection(): ConnectionState;
  /** Calls back on every change until the returned function is called. */
  watchConnection(listener: (state: ConnectionState) => void): () => void;
  /** Connects now, without waiting for the next try and also after a refusal; rejects with why it cannot. Absent where nothing connects. */
  reconnect?(): Promise<void>;
  /** Connects by this method from now on; what is connected by another is connected anew. Absent where nothing connects. */
  setMethod?(method: ConnectionMethod): void;
  /**
   * Leads there from now on. What is connected to another place is ended and made anew; a refusal ends it for good, and
   * every call then throws it. Absent where nothing connects.
   */
  setAccess?(access: HostAccess): void;
  /**
   * Nobody waits for it any more: where it tries again and again, it is `idle` until the next call. Absent where
   * nothing connects.
   */
  letGo?(): void;
  /** Where its connection leads, once ssh has said so. Absent where nothing connects. */
  address?(): HostAddress | null;
  /** What the host is; asked once per connection. */
  facts(): Promise<HostFacts>;
  /** Runs one command to its end. A status other than 0 is a result, not an error. */
  exec(command: Command, options?: ExecOptions): Promise<ExecResult>;
  forward(port: number): Promise<Forward>;
  /** Ends connections; jobs run on. */
  close(): Promise<void>;
}

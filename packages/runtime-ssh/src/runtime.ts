/** The runtime port over ssh. */
import type { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionMethod, HostId } from '@farhand/shared/model/hosts';
import { createExec } from '@farhand/shared/runtime/exec';
import { readFacts } from '@farhand/shared/runtime/facts';
import { createJobs, type JobsOptions } from '@farhand/shared/runtime/jobs';
import type { Forward, HostDestination, HostFacts, Runtime } from '@farhand/shared/runtime/port';
import type { Questions } from '@farhand/shared/runtime/questions';
import { checkName, nameOf } from './config.ts';
import { startHeartbeat } from './connection/heartbeat.ts';
import { watchForWake } from './connection/wake-watch.ts';
import { Connection } from './connection.ts';
import { SftpSession } from './files/sftp.ts';
import { createFiles } from './files.ts';
import { openForward } from './forward.ts';
import { createShell } from './shell.ts';
import { ControlShell } from './shells/control-shell.ts';
import { LostCommands } from './shells/lost-commands.ts';
import { ShellPool } from './shells/shell-pool.ts';

export interface SshRuntimeOptions extends JobsOptions {
  readonly hostId: HostId;
  /** Where it is, where that is more than its name. */
  readonly destination?: HostDestination;
  /** Nothing connects, and every call throws it, until `setAccess` says otherwise. */
  readonly refusal?: FarhandError;
  /** An ssh_config read in place of the person's own. */
  readonly sshConfigPath?: string;
  /** Remembers keys where the configuration has `UserKnownHostsFile /dev/null`, as Coder writes it. */
  readonly knownHostsPath?: string;
  /** `ssh` on the PATH when absent. */
  readonly sshProgram?: string;
  /** A private folder for control sockets; made in the system's temporary folder when absent. */
  readonly runtimeDirectory?: string;
  /** The environment of ssh; this process's when absent. To be given with `questions`, which are added to it. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Puts ssh's questions to a person. Without it what ssh would ask is refused. */
  readonly questions?: Questions;
  /** How long a person has for one question; two minutes when absent. */
  readonly questionTimeoutMs?: number;
  /** `master` when absent. */
  readonly method?: ConnectionMethod;
  /** Sessions that one connection may carry, known from before. */
  readonly sessionLimit?: number | null;
  /** Called when another number was learned. */
  readonly onSessionLimit?: (limit: number) => void;
  /** Asked before each login: added to `environment` for ssh and its ProxyCommand. */
  readonly loginEnvironment?: () => Readonly<Record<string, string>>;
}

/** A runtime that can be told to try again now, after a refusal too. */
export interface SshRuntime extends Runtime {
  readonly method: ConnectionMethod;
  /** Null until it was learned. */
  readonly sessionLimit: number | null;
  /** Resolves when the connection is up; rejects with why it is not. Facts are asked for anew. */
  reconnect(): Promise<void>;
  /**
   * Connects the other way from now on: a connection that is up is ended and made anew, and what ran on it fails.
   * Resolves when the old one is gone.
   */
  setMethod(method: ConnectionMethod): Promise<void>;
}

/** The runtime of one host. Connects with the first call. Throws `host.invalid_name`. */
export function createSshRuntime(options: SshRuntimeOptions): SshRuntime {
  checkName(nameOf(options));
  const connection = new Connection(options);
  const control = new ControlShell(connection);
  const pool = new ShellPool(connection);
  const session = new SftpSession(connection);
  const shell = createShell({ pool, control, lost: new LostCommands(connection, control) });
  const heartbeat = startHeartbeat({ connection, control });
  const stopWatching = watchForWake({
    isRetrying: () => connection.state().state === 'retrying',
    onNetworkChange: () => connection.networkReturned(),
    onWake: () => {
      connection.networkReturned();
      heartbeat.beat();
    },
  });
  const files = createFiles({ session, shell });
  const forwards = new Set<Forward>();
  const facts = new FactsOfConnection(connection, () => readFacts(shell));

  return {
    hostId: options.hostId,
    files,
    jobs: createJobs(shell, files, options),
    get method() {
      return connection.method;
    },
    get sessionLimit() {
      return connection.sessionLimit;
    },
    connection: () => connection.state(),
    watchConnection: (listener) => connection.watch(listener),
    reconnect: () => {
      facts.forget();
      return connection.reconnect();
    },
    setMethod: (method) => connection.setMethod(method),
    setAccess: (access) => connection.setAccess(access),
    letGo: () => connection.letGo(),
    address: () => connection.address,
    facts: () => facts.get(),
    exec: createExec(shell),
    forward: async (port) => {
      const opened = await openForward(connection, port);
      const close = () => {
        forwards.delete(forward);
        return opened.close();
      };
      const forward = { localPort: opened.localPort, close };
      forwards.add(forward);
      return forward;
    },
    close: async () => {
      stopWatching();
      heartbeat.stop();
      pool.close();
      await Promise.all([...forwards].map((forward) => forward.close()));
      await connection.close();
    },
  };
}

/** Asks once, and again after the connection was made anew: another machine may answer by then. */
class FactsOfConnection {
  readonly #ask: () => Promise<HostFacts>;
  #answer: Promise<HostFacts> | null = null;

  constructor(connection: Connection, ask: () => Promise<HostFacts>) {
    this.#ask = ask;
    connection.watch((state) => {
      if (state.state !== 'connected') this.forget();
    });
  }

  get(): Promise<HostFacts> {
    if (this.#answer !== null) return this.#answer;
    const asked = this.#ask();
    this.#answer = asked;
    asked.catch(() => {
      if (this.#answer === asked) this.forget();
    });
    return asked;
  }

  forget(): void {
    this.#answer = null;
  }
}

/** The runtime port over ssh. */
import type { HostId } from '@farhand/shared/model/hosts';
import { createExec } from '@farhand/shared/runtime/exec';
import { readFacts } from '@farhand/shared/runtime/facts';
import { createJobs } from '@farhand/shared/runtime/jobs';
import type { Forward, HostFacts, Runtime } from '@farhand/shared/runtime/port';
import type { HostShell } from '@farhand/shared/runtime/shell';
import { checkName } from './config.ts';
import { Connection } from './connection.ts';
import { ControlShell } from './control-shell.ts';
import { createFiles } from './files.ts';
import { openForward } from './forward.ts';
import { startHeartbeat } from './heartbeat.ts';
import { SftpSession } from './sftp.ts';
import { createShell } from './shell.ts';
import { ShellPool } from './shell-pool.ts';

export interface SshRuntimeOptions {
  readonly hostId: HostId;
  /** An ssh_config read in place of the person's own. */
  readonly sshConfigPath?: string;
  /** `ssh` on the PATH when absent. */
  readonly sshProgram?: string;
  /** A private folder for control sockets; made in the system's temporary folder when absent. */
  readonly runtimeDirectory?: string;
  /** The environment of ssh; this process's when absent. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** A runtime that can be told to try again now, after a refusal too. */
export interface SshRuntime extends Runtime {
  /** Resolves when the connection is up; rejects with why it is not. */
  reconnect(): Promise<void>;
}

/** The runtime of one host. Connects with the first call. Throws `host.invalid_name`. */
export function createSshRuntime(options: SshRuntimeOptions): SshRuntime {
  checkName(options.hostId);
  const connection = new Connection(options);
  const control = new ControlShell(connection);
  const pool = new ShellPool(connection);
  const session = new SftpSession(connection);
  const commands = createShell({ pool, control });
  let lastUsedAt = Number.NEGATIVE_INFINITY;
  const shell: HostShell = {
    run: (script, runOptions) => {
      lastUsedAt = performance.now();
      return commands.run(script, runOptions);
    },
  };
  const stopBeating = startHeartbeat({
    connection,
    control,
    lastUsedAt: () => (commands.running > 0 ? performance.now() : lastUsedAt),
  });
  const files = createFiles({ session, shell });
  const forwards = new Set<Forward>();
  const facts = oncePerConnection(connection, () => readFacts(shell));

  return {
    hostId: options.hostId,
    files,
    jobs: createJobs(shell, files),
    connection: () => connection.state(),
    watchConnection: (listener) => connection.watch(listener),
    reconnect: () => connection.reconnect(),
    facts,
    exec: createExec(shell),
    forward: async (port) => {
      const forward = await openForward(connection, port);
      forwards.add(forward);
      return forward;
    },
    close: async () => {
      stopBeating();
      pool.close();
      await Promise.all([...forwards].map((forward) => forward.close()));
      await connection.close();
    },
  };
}

/** Asks once, and again after the connection was made anew: another machine may answer by then. */
function oncePerConnection(connection: Connection, ask: () => Promise<HostFacts>): () => Promise<HostFacts> {
  let answer: Promise<HostFacts> | null = null;
  connection.watch((state) => {
    if (state.state !== 'connected') answer = null;
  });
  return () => {
    if (answer !== null) return answer;
    const asked = ask();
    answer = asked;
    asked.catch(() => {
      if (answer === asked) answer = null;
    });
    return asked;
  };
}

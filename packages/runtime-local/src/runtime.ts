import { type ConnectionState, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { createExec } from '@farhand/shared/runtime/exec';
import { readFacts } from '@farhand/shared/runtime/facts';
import { createJobs, type JobsOptions } from '@farhand/shared/runtime/jobs';
import type { Forward, HostFacts, Runtime } from '@farhand/shared/runtime/port';
import { createLocalFiles } from './files.ts';
import { forwardPort } from './forward.ts';
import { defaultHome, loginEnvironment } from './login-environment.ts';
import { LocalShell } from './shell.ts';

export interface LocalRuntimeOptions extends JobsOptions {
  /** Where commands start and jobs are kept; the person's home folder when absent. */
  readonly home?: string;
  /** Of the server. Commands get what a login gives and nothing else of it: no key reaches them. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const CONNECTED: ConnectionState = { state: 'connected', latencyMs: 0 };

/** The runtime of this machine; it is always connected. */
export function createLocalRuntime({
  home = defaultHome(),
  environment = {},
  ...jobs
}: LocalRuntimeOptions = {}): Runtime {
  let env: Promise<Record<string, string>> | null = null;
  let facts: Promise<HostFacts> | null = null;
  const forwards = new Set<Forward>();
  const shell = new LocalShell(home, () => (env ??= loginEnvironment(home, environment)));
  const files = createLocalFiles();

  async function forward(port: number): Promise<Forward> {
    const opened = await forwardPort(port);
    forwards.add(opened);
    return {
      localPort: opened.localPort,
      close: () => {
        forwards.delete(opened);
        return opened.close();
      },
    };
  }

  async function close(): Promise<void> {
    await Promise.all([shell.close(), ...[...forwards].map((opened) => opened.close())]);
  }

  return {
    hostId: LOCAL_HOST,
    files,
    jobs: createJobs(shell, files, jobs),
    connection: () => CONNECTED,
    watchConnection: () => () => undefined,
    facts: () => (facts ??= readFacts(shell)),
    exec: createExec(shell),
    forward,
    close,
  };
}

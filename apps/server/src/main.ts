/**
 * The server and its surroundings. The only file that reads the environment and names a concrete runtime; the rest is
 * put together in composition.ts, which is loaded only to serve: the commands of the CLI need a fraction of it.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './config/child-environment.ts';
import { type Paths, resolvePaths } from './config/paths.ts';
import type { LogLevel } from './logging/log.ts';
import type { RuntimeFactories } from './runtimes/registry.ts';

export interface ServerOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Null: the default port, or a free one where that is taken. 0: a free one. */
  readonly port?: number | null;
  readonly isRemoteAllowed?: boolean;
  /** Further `Host` headers to answer, as of a proxy in front. */
  readonly allowedHosts?: readonly string[];
  /** The page from its sources, by Next's development mode. */
  readonly isDevelopment?: boolean;
  readonly logLevel?: LogLevel;
}

export interface RunningServer {
  readonly url: string;
  /** With a fresh one-time code. */
  loginUrl(): string;
  /** Stops within three seconds; what runs on hosts runs on. */
  close(): Promise<void>;
}

// The same place seen from src/ and from the bundle in dist/.
const WEB_DIRECTORY = fileURLToPath(new URL('../../web', import.meta.url));

/**
 * Starts the server of this user's data folder and takes up what a former one left unfinished. Throws
 * `server.already_running`, `server.port_in_use`, `server.remote_not_allowed`.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const [{ composeServer }, runtimes] = await Promise.all([import('./composition.ts'), loadRuntimes()]);
  return composeServer(options, {
    paths: currentPaths(),
    runtimes,
    environment: process.env,
    sshConfigPath: chosenSshConfig() ?? join(homedir(), '.ssh', 'config'),
    webDirectory: WEB_DIRECTORY,
  });
}

async function loadRuntimes(): Promise<RuntimeFactories> {
  const [{ createLocalRuntime }, { createSshRuntime }] = await Promise.all([
    import('@farhand/runtime-local/runtime'),
    import('@farhand/runtime-ssh/runtime'),
  ]);
  const environment = childEnvironment(process.env);
  const sshConfigPath = chosenSshConfig();
  const runtimeDirectory = process.env.XDG_RUNTIME_DIR;
  return {
    local: () => createLocalRuntime({ environment }),
    // Windows' ssh has no ControlMaster.
    defaultMethod: process.platform === 'win32' ? 'direct' : 'master',
    ssh: (hostId, settings) =>
      createSshRuntime({
        hostId,
        environment,
        ...settings,
        ...(sshConfigPath && { sshConfigPath }),
        ...(runtimeDirectory && { runtimeDirectory: join(runtimeDirectory, 'farhand') }),
      }),
  };
}

/** A configuration for ssh in place of the user's own, as `ssh -F` takes it; undefined: ssh finds it by itself. */
function chosenSshConfig(): string | undefined {
  return process.env.FARHAND_SSH_CONFIG || undefined;
}

/** Where this user's Farhand keeps its data, by the environment. */
export function currentPaths(): Paths {
  return resolvePaths(process.env, homedir());
}

/** True where a browser can be opened: a desktop session, or a system that always has one. */
export function hasDisplay(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

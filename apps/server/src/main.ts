/**
 * The server and its surroundings. The only file that reads the environment and names a concrete runtime; the rest is
 * put together in composition.ts, which is loaded only to serve: the commands of the CLI need a fraction of it.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './config/child-environment.ts';
import { keepHeapSmall } from './config/heap-growth.ts';
import { type Paths, resolvePaths } from './config/paths.ts';
import type { LogLevel } from './logging/log.ts';
import type { RuntimeFactories } from './runtimes/registry.ts';
import { readGivenKey } from './secrets/given-key.ts';
import type { GivenKey } from './secrets/master-key.ts';

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
  keepHeapSmall();
  const masterKey = await takeMasterKey();
  const [{ composeServer }, runtimes] = await Promise.all([import('./composition.ts'), loadRuntimes()]);
  return composeServer(options, {
    paths: currentPaths(),
    runtimes,
    environment: process.env,
    masterKey,
    sshConfigPath: chosenSshConfig() ?? join(homedir(), '.ssh', 'config'),
    webDirectory: WEB_DIRECTORY,
  });
}

/**
 * The master key where it was given with the start. What is started later inherits the environment: the key leaves it.
 * Throws `secret.key_command_failed`.
 */
export async function takeMasterKey(): Promise<GivenKey | null> {
  const { FARHAND_KEY: key, FARHAND_KEY_COMMAND: command } = process.env;
  delete process.env.FARHAND_KEY;
  return await readGivenKey({ key, command }, { environment: childEnvironment(process.env) });
}

async function loadRuntimes(): Promise<RuntimeFactories> {
  const [{ createLocalRuntime }, { createSshRuntime }, { createSshProbe }] = await Promise.all([
    import('@farhand/runtime-local/runtime'),
    import('@farhand/runtime-ssh/runtime'),
    import('@farhand/runtime-ssh/probe'),
  ]);
  const environment = childEnvironment(process.env);
  const sshConfigPath = chosenSshConfig();
  const knownHostsPath = join(currentPaths().dataDirectory, 'known_hosts');
  const runtimeDirectory = process.env.XDG_RUNTIME_DIR;
  return {
    local: () => createLocalRuntime({ environment }),
    // Windows' ssh has no ControlMaster.
    defaultMethod: process.platform === 'win32' ? 'direct' : 'master',
    probe: createSshProbe({ environment, ...(sshConfigPath && { sshConfigPath }) }),
    ssh: (hostId, { access, ...settings }) =>
      createSshRuntime({
        hostId,
        ...access,
        environment,
        knownHostsPath,
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

/** Another server that this user's commands are for, where the environment names one. */
export function namedServer(): { readonly url?: string | undefined; readonly token?: string | undefined } {
  const { FARHAND_URL: url, FARHAND_TOKEN: token } = process.env;
  return { url, token };
}

/** How this program was started, for other programs that are to start it; without any secret. */
export function currentProgram() {
  const { FARHAND_HOME, CLAUDE_CONFIG_DIR, CODEX_HOME, APPDATA, LOCALAPPDATA, XDG_CONFIG_HOME } = process.env;
  return {
    command: process.execPath,
    args: [...process.execArgv, process.argv[1] ?? 'farhand'],
    environment: { ...(FARHAND_HOME && { FARHAND_HOME }) },
    home: homedir(),
    platform: process.platform,
    folders: { CLAUDE_CONFIG_DIR, CODEX_HOME, APPDATA, LOCALAPPDATA, XDG_CONFIG_HOME },
  };
}

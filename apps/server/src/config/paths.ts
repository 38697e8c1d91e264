import { join } from 'node:path';

/** Where Farhand keeps what it keeps. All folders have mode 0700. */
export interface Paths {
  readonly dataDirectory: string;
  readonly configDirectory: string;
  readonly databaseFile: string;
  /** Held open by the one server of this data folder; see lock.ts. */
  readonly lockFile: string;
  /** Where the running server is, and how the CLI signs in to it; see running-server.ts. */
  readonly serverFile: string;
  readonly logFile: string;
  /** Of what is under way only; emptied at each start. */
  readonly scratchDirectory: string;
  readonly keyFile: string;
  /** What a person says of hosts, profiles and operations, in TOML. */
  readonly configFile: string;
  /** The rules for commands, in TOML. */
  readonly policyFile: string;
}

/**
 * `$FARHAND_HOME` for everything where it is set; otherwise the XDG data and config folders, `~/.local/share/farhand`
 * and `~/.config/farhand`. An XDG variable that is not an absolute path is ignored, as its specification says.
 */
export function resolvePaths(environment: Readonly<Record<string, string | undefined>>, home: string): Paths {
  const chosen = environment.FARHAND_HOME;
  const xdg = (name: string, otherwise: string) => {
    const value = environment[name];
    return join(value?.startsWith('/') ? value : join(home, otherwise), 'farhand');
  };
  const dataDirectory = chosen || xdg('XDG_DATA_HOME', '.local/share');
  const configDirectory = chosen || xdg('XDG_CONFIG_HOME', '.config');
  return {
    dataDirectory,
    configDirectory,
    databaseFile: join(dataDirectory, 'farhand.db'),
    lockFile: join(dataDirectory, 'server.lock'),
    serverFile: join(dataDirectory, 'server.json'),
    logFile: join(dataDirectory, 'server.log'),
    scratchDirectory: join(dataDirectory, 'scratch'),
    keyFile: join(configDirectory, 'secrets.key'),
    configFile: join(configDirectory, 'config.toml'),
    policyFile: join(configDirectory, 'policy.toml'),
  };
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { setTable, type TomlTable } from '../../config/toml-edit.ts';
import type { ProgramStart } from '../context.ts';
import { setMember } from './jsonc-edit.ts';

/** The programs into whose settings Farhand can put itself. */
export const MCP_CLIENTS = ['claude-code', 'claude-desktop', 'codex', 'cursor', 'vscode'] as const;
export type McpClient = (typeof MCP_CLIENTS)[number];

/** Where a client keeps its servers, and how an entry of ours is written there. */
export interface ClientConfig {
  readonly file: string;
  /** The text with our entry, or without it. Throws `config.unreadable`. */
  edit(text: string, isInstalled: boolean): string;
}

/** The name of our entry in every client's settings. */
const ENTRY = 'farhand';

/** By the clients' public documentation, for the settings that hold for all of a person's projects. */
export function configOf(client: McpClient, start: ProgramStart): ClientConfig {
  const entry = entryOf(client, start);
  const typed = { type: 'stdio', ...entry };
  const { home } = start;
  switch (client) {
    case 'claude-code':
      return json(join(start.folders.CLAUDE_CONFIG_DIR || home, '.claude.json'), 'mcpServers', typed);
    case 'claude-desktop':
      return json(join(claudeDesktopFolder(start), 'claude_desktop_config.json'), 'mcpServers', entry);
    case 'cursor':
      return json(join(home, '.cursor', 'mcp.json'), 'mcpServers', typed);
    case 'vscode':
      return json(join(applicationFolder(start), 'Code', 'User', 'mcp.json'), 'servers', typed);
    case 'codex':
      return {
        file: join(start.folders.CODEX_HOME || join(home, '.codex'), 'config.toml'),
        edit: (text, isInstalled) =>
          isInstalled || hasTable(text)
            ? setTable(text, ['mcp_servers', ENTRY], isInstalled ? entry : null)
            : text,
      };
  }
}

// A text that cannot be read is left to `setTable`, which says why.
function hasTable(text: string): boolean {
  try {
    const servers = parse(text).mcp_servers;
    return typeof servers === 'object' && Object.hasOwn(servers, ENTRY);
  } catch {
    return true;
  }
}

// No token: the program finds the server as the command line does.
function entryOf(client: McpClient, { command, args, environment }: ProgramStart): TomlTable {
  const env = Object.keys(environment).length === 0 ? {} : { env: environment };
  return { command, args: [...args, 'mcp', '--as', client], ...env };
}

function json(file: string, key: string, entry: object): ClientConfig {
  return { file, edit: (text, isInstalled) => setMember(text, [key, ENTRY], isInstalled ? entry : null) };
}

// Windows shows a packaged program another folder than everybody else: its own, which is named by its publisher too.
function claudeDesktopFolder(start: ProgramStart): string {
  const usual = join(applicationFolder(start), 'Claude');
  if (start.platform !== 'win32') return usual;
  const packages = join(start.folders.LOCALAPPDATA || join(start.home, 'AppData', 'Local'), 'Packages');
  const packaged = namesIn(packages)
    .filter((name) => name.startsWith('Claude_'))
    .map((name) => join(packages, name, 'LocalCache', 'Roaming', 'Claude'))
    .find((folder) => existsSync(folder));
  return packaged ?? usual;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function applicationFolder({ platform, home, folders }: ProgramStart): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return folders.APPDATA || join(home, 'AppData', 'Roaming');
  return folders.XDG_CONFIG_HOME || join(home, '.config');
}

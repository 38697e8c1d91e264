import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvePaths } from '../../config/paths.ts';
import { configOf, MCP_CLIENTS } from '../mcp-clients/clients.ts';
import { runProgram } from '../program.ts';

describe('farhand mcp install', () => {
  let home: string;
  let printed: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'farhand-mcp-install-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const start = (platform: NodeJS.Platform = 'linux') => ({
    command: '/usr/bin/node',
    args: ['/opt/farhand/dist/farhand.js'],
    environment: { FARHAND_HOME: '/data/farhand' },
    home,
    platform,
    folders: {},
  });
  const farhand = (...argv: string[]) => {
    printed = '';
    const stream = { write: (text: string | Uint8Array) => Boolean((printed += String(text))) };
    return runProgram(argv, {
      streams: { out: stream, err: stream },
      isInteractive: false,
      hasDisplay: false,
      paths: resolvePaths({ FARHAND_HOME: join(home, 'data') }, home),
      startServer: () => Promise.reject(new Error('not in this test')),
      untilStopped: () => Promise.resolve(),
      ask: () => Promise.resolve(null),
      openBrowser: () => {},
      versionOf: () => Promise.resolve(null),
      program: start(),
    });
  };
  const fileOf = (client: (typeof MCP_CLIENTS)[number]) => configOf(client, start()).file;
  const write = (file: string, text: string, mode = 0o600) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  };
  const backups = (file: string) =>
    readdirSync(dirname(file)).filter((name) => name.includes('.farhand-backup-'));

  it.each(MCP_CLIENTS)('writes %s, keeps a copy, and does nothing the second time', async (client) => {
    const file = fileOf(client);
    const isToml = client === 'codex';
    const before = isToml
      ? '# mine\nmodel = "gpt-5" # good\n\n[mcp_servers.other]\ncommand = "x"\n'
      : '{\n  "mine": true,\n  "mcpServers": { "other": { "command": "x" } },\n  "servers": { "other": { "command": "x" } }\n}\n';
    write(file, before, 0o640);
    expect(await farhand('mcp', 'install', '--client', client)).toBe(0);
    const after = readFileSync(file, 'utf8');
    const facts = (isToml ? parse(after) : JSON.parse(after)) as Record<string, Record<string, object>>;
    const servers = facts[isToml ? 'mcp_servers' : client === 'vscode' ? 'servers' : 'mcpServers'];
    expect(servers?.other).toEqual({ command: 'x' });
    expect(servers?.farhand).toMatchObject({
      command: '/usr/bin/node',
      args: ['/opt/farhand/dist/farhand.js', 'mcp', '--as', client],
      env: { FARHAND_HOME: '/data/farhand' },
    });
    expect(after).not.toMatch(/fh_|[Bb]earer|token/);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    if (isToml) expect(after).toContain('# mine\nmodel = "gpt-5" # good\n');
    expect(backups(file).map((name) => readFileSync(join(dirname(file), name), 'utf8'))).toEqual([before]);
    expect(await farhand('mcp', 'install', '--client', client)).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(after);
    expect(backups(file)).toHaveLength(1);
    expect(await farhand('mcp', 'uninstall', '--client', client)).toBe(0);
    expect(readFileSync(file, 'utf8')).not.toContain('farhand');
    expect(readFileSync(file, 'utf8')).toContain('other');
    expect(await farhand('mcp', 'uninstall', '--client', client)).toBe(0);
    expect(backups(file)).toHaveLength(2);
  });

  it('makes settings that are not there, and takes nothing out of none', async () => {
    expect(await farhand('mcp', 'uninstall', '--client', 'cursor')).toBe(0);
    expect(readdirSync(home)).toEqual([]);
    expect(await farhand('mcp', 'install', '--client', 'cursor')).toBe(0);
    expect(JSON.parse(readFileSync(fileOf('cursor'), 'utf8')).mcpServers.farhand.command).toBe(
      '/usr/bin/node',
    );
    expect(statSync(fileOf('cursor')).mode & 0o777).toBe(0o600);
  });

  it('shows the difference with --dry-run and changes nothing', async () => {
    write(fileOf('claude-code'), '{"theme":"dark"}');
    expect(await farhand('mcp', 'install', '--client', 'claude-code', '--dry-run')).toBe(0);
    expect(printed).toMatch(/^\+.*"mcpServers"/m);
    expect(readFileSync(fileOf('claude-code'), 'utf8')).toBe('{"theme":"dark"}');
    expect(backups(fileOf('claude-code'))).toEqual([]);
  });

  it.each(MCP_CLIENTS)(
    'writes the settings of %s that others cannot read, with a copy like that',
    async (client) => {
      const file = fileOf(client);
      write(file, client === 'codex' ? '# mine\n' : '{}', 0o600);
      expect(await farhand('mcp', 'install', '--client', client)).toBe(0);
      for (const name of [file, ...backups(file).map((one) => join(dirname(file), one))])
        expect(statSync(name).mode & 0o777, name).toBe(0o600);
      rmSync(file);
      expect(await farhand('mcp', 'install', '--client', client)).toBe(0);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    },
  );

  it('keeps comments in the settings of VS Code, and writes what each program needs', async () => {
    const file = fileOf('vscode');
    write(file, '{\n  // mine\n  "servers": { /* none */ },\n  "inputs": [], // later\n}\n');
    expect(await farhand('mcp', 'install', '--client', 'vscode')).toBe(0);
    const text = readFileSync(file, 'utf8');
    for (const comment of ['// mine', '/* none */', '// later']) expect(text).toContain(comment);
    for (const client of ['claude-code', 'cursor', 'vscode'] as const) {
      await farhand('mcp', 'install', '--client', client);
      expect(readFileSync(fileOf(client), 'utf8'), client).toContain('"type": "stdio"');
    }
    await farhand('mcp', 'install', '--client', 'codex');
    const codex = parse(readFileSync(fileOf('codex'), 'utf8')).mcp_servers as Record<string, object>;
    expect(Object.keys(codex.farhand ?? {})).toEqual(['command', 'args', 'env']);
  });

  it('leaves settings alone that it cannot read, and writes through a link', async () => {
    write(fileOf('claude-code'), '{ broken');
    expect(await farhand('mcp', 'install', '--client', 'claude-code')).toBe(1);
    expect(readFileSync(fileOf('claude-code'), 'utf8')).toBe('{ broken');
    const real = join(home, 'dotfiles', 'mcp.json');
    write(real, '{}');
    mkdirSync(dirname(fileOf('cursor')), { recursive: true });
    symlinkSync(real, fileOf('cursor'));
    expect(await farhand('mcp', 'install', '--client', 'cursor')).toBe(0);
    expect(readFileSync(real, 'utf8')).toContain('farhand');
  });

  it('knows where each platform keeps settings', () => {
    const on = (platform: NodeJS.Platform, folders = {}) => ({ ...start(platform), home: '/h', folders });
    expect(configOf('claude-desktop', on('darwin')).file).toBe(
      '/h/Library/Application Support/Claude/claude_desktop_config.json',
    );
    expect(configOf('vscode', on('linux')).file).toBe('/h/.config/Code/User/mcp.json');
    expect(configOf('vscode', on('win32', { APPDATA: '/h/Roaming' })).file).toBe(
      '/h/Roaming/Code/User/mcp.json',
    );
    expect(configOf('codex', on('linux', { CODEX_HOME: '/c' })).file).toBe('/c/config.toml');
    expect(configOf('claude-code', on('linux')).file).toBe('/h/.claude.json');
    expect(configOf('claude-code', on('linux', { CLAUDE_CONFIG_DIR: '/c' })).file).toBe('/c/.claude.json');
    // As Windows has it where the program is a package, and where it is none.
    const folders = { APPDATA: '/h/Roaming', LOCALAPPDATA: join(home, 'Local') };
    const desktop = () => configOf('claude-desktop', on('win32', folders)).file;
    expect(desktop()).toBe('/h/Roaming/Claude/claude_desktop_config.json');
    const packaged = join(home, 'Local/Packages/Claude_x1y2/LocalCache/Roaming/Claude');
    mkdirSync(packaged, { recursive: true });
    expect(desktop()).toBe(join(packaged, 'claude_desktop_config.json'));
  });

  it('refuses a client it does not know', async () => {
    expect(await farhand('mcp', 'install', '--client', 'emacs')).not.toBe(0);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import type { Approvals } from '../../approvals/approvals.ts';
import { recordedAudit } from '../../audit/testing/recorded-audit.ts';
import { resolvePaths } from '../../config/paths.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import { createMcpServers } from '../../mcp/mcp-servers.ts';
import type { Projects } from '../../projects/projects.ts';
import { createProjectSettings } from '../../projects/settings/project-settings.ts';
import { masterKey } from '../../secrets/master-key.ts';
import { createSecretKeys } from '../../secrets/secret-keys.ts';
import { createSecrets, type Secrets } from '../../secrets/secrets.ts';
import { openVault } from '../../secrets/vault.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { projects as projectRows } from '../../store/schema.ts';
import { runProgram } from '../program.ts';

const shop = { id: newId('project'), name: 'shop', path: '/shop' };
const api = { id: newId('project'), name: 'api', path: '/api' };

describe('farhand secret and farhand project', () => {
  let folder: string;
  let door: FrontDoor;
  let db: Database;
  let secrets: Secrets;
  const audit = recordedAudit();
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
    db = openDatabase(join(folder, 'secrets.db'));
    for (const row of [shop, api])
      db.insert(projectRows)
        .values({ ...row, createdAt: 'now', lastUsedAt: 'now' })
        .run();
    const master = masterKey(join(folder, 'key'));
    const vault = openVault(master);
    secrets = createSecrets({ db, vault, audit });
    const projects = {
      list: () => [shop, api],
      get: (id: string) => [shop, api].find((one) => one.id === id),
    } as unknown as Projects;
    const mcpServers = createMcpServers(db);
    const approvals = {
      defaultPolicy: () => 'ask_outside',
      setDefaultPolicy: () => {},
    } as unknown as Approvals;
    door = await openFrontDoor({
      projects,
      secrets,
      secretKeys: createSecretKeys({ db, vault, master, audit }),
      mcpServers,
      projectSettings: createProjectSettings({ projects, mcpServers, secrets, approvals, audit }),
    });
    const { serverFile } = resolvePaths({ FARHAND_HOME: folder }, '/nowhere');
    writeRunningServer(serverFile, {
      pid: process.pid,
      url: door.origin,
      version: 'test',
      token: door.access.cliToken,
    });
  });
  afterEach(async () => {
    await door.close();
    db.close();
    rmSync(folder, { recursive: true });
  });

  async function run(args: string, typed = '') {
    let [out, err] = ['', ''];
    const status = await runProgram(args.split(' '), {
      streams: {
        out: { write: (text: string) => Boolean((out += text)) },
        err: { write: (text: string) => Boolean((err += text)) },
      } as never,
      isInteractive: false,
      hasDisplay: false,
      paths: resolvePaths({ FARHAND_HOME: folder }, '/nowhere'),
      startServer: () => Promise.reject(new Error('not here')),
      untilStopped: () => Promise.resolve(),
      ask: () => Promise.resolve(typed),
      readInput: () => Promise.resolve(Buffer.from(typed)),
      openBrowser: () => {},
      versionOf: () => Promise.resolve(null),
    });
    return { out, err, status };
  }
  const ofShop = { projectId: shop.id, hostId: 'local' as never };

  it('sets what is typed, piped in or in a file, for a scope and kinds, and lists names', async () => {
    writeFileSync(join(folder, 'key.pem'), 'canary-pem');
    expect((await run('secret set TOKEN --project shop', 'canary-typed')).status).toBe(0);
    await run('secret set PIPED --global --from-stdin --kinds agent,init', 'canary-piped\n');
    await run(`secret set PEM --host gpu-1 --file ${folder}/key.pem`);
    await run('secret set TOKEN --global', 'canary-hidden');
    expect(secrets.environment(ofShop, 'agent')).toEqual({ TOKEN: 'canary-typed', PIPED: 'canary-piped' });
    expect(secrets.environment(ofShop, 'terminal')).toEqual({ TOKEN: 'canary-typed' });
    const { out } = await run('secret list');
    expect(out).toMatch(/^TOKEN +everywhere +all +- +\S+ +hidden by the one of project shop$/m);
    expect(out).toMatch(/^PIPED +everywhere +agent,init +-/m);
    expect(out).toMatch(/^PEM +host gpu-1 +all +key\.pem/m);
    const json = JSON.parse((await run('secret list --project shop --json')).out);
    expect(json.secrets).toMatchObject([{ name: 'TOKEN', form: { kind: 'variable' } }]);
    await run('secret rm TOKEN --project shop');
    expect(secrets.environment(ofShop, 'agent').TOKEN).toBe('canary-hidden');
  });

  it('refuses a value in the arguments, and does not repeat it', async () => {
    for (const args of ['secret set TOKEN canary-argv --global', 'secret set TOKEN=canary-argv --global']) {
      const { err, out, status } = await run(args);
      expect(status).toBe(1);
      expect(err).toContain('--from-stdin');
      expect(err + out).not.toContain('canary-argv');
    }
    expect((await run('secret set --help')).out).toContain('secret set [options] <name>\n');
    expect((await run('secret set TOKEN', 'x')).err).toContain('--global');
    expect((await run('secret set TOKEN --global')).err).toContain(
      'No value was given.\nType it, or give it by --from-stdin',
    );
    expect(secrets.list()).toEqual([]);
  });

  it('imports a .env file, names first', async () => {
    writeFileSync(join(folder, '.env'), 'A=canary-a\nexport B="canary\\nb" # why\ncanary-broken\n');
    await run('secret set A --project shop', 'canary-before');
    const look = await run(`secret import ${folder}/.env --project shop --dry-run`);
    expect(look.out).toBe('A  changed\nB  new\n');
    const done = await run(`secret import ${folder}/.env --project shop`);
    expect(done.out).toBe('1 secrets are new, 1 changed.\n');
    expect(done.err).toContain('line 3 is left out');
    expect(look.out + look.err + done.out + done.err).not.toContain('canary');
    expect(secrets.environment(ofShop, 'init')).toEqual({ A: 'canary-a', B: 'canary\nb' });
  });

  it('seals everything with a new key', async () => {
    await run('secret set A --project shop', 'canary-before');
    expect((await run('secret rekey')).out).toContain('1 values are sealed with the new key');
    expect(secrets.environment(ofShop, 'init')).toEqual({ A: 'canary-before' });
    expect(audit.entries.at(-1)).toMatchObject({ kind: 'setting', actor: { kind: 'cli' } });
    expect(JSON.stringify(audit.entries)).not.toContain('canary');
  });

  it.each(['', ' --toml'])('takes what is set for a project elsewhere, without secrets%s', async (format) => {
    const http = { kind: 'http', url: 'https://me:canary-url@example.com/mcp', secret: 'TOKEN' } as const;
    const stdio = { kind: 'stdio', command: 'serve --key canary-value' } as const;
    const servers = createMcpServers(db);
    servers.set({ projectId: shop.id, name: 'web', transport: http, isEnabled: true });
    servers.set({ projectId: shop.id, name: 'tool', transport: stdio, isEnabled: false });
    await run('secret set TOKEN --project shop', 'canary-value');
    await run('secret set ALL --global', 'canary-global');
    const { out } = await run(`project export shop${format}`);
    expect(out).not.toContain('canary');
    writeFileSync(join(folder, 'settings'), out);
    const done = await run(`project import api ${folder}/settings`);
    expect(done.out).toContain('2 MCP servers were set for api.');
    expect(done.out).toContain('farhand secret set TOKEN --project api');
    expect(done.out).not.toContain('ALL');
    expect(servers.list(api.id)).toMatchObject([
      { name: 'tool', isEnabled: false, transport: { command: 'serve --key [secret TOKEN]' } },
      { name: 'web', transport: { url: 'https://example.com/mcp', secret: 'TOKEN' } },
    ]);
    writeFileSync(join(folder, 'settings'), '{"version": 2}');
    expect((await run(`project import api ${folder}/settings`)).err).toContain('no settings of a project');
  });
});

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Sqlite from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAudit } from '../../audit/audit.ts';
import { auditPaths } from '../../audit/audit-paths.ts';
import { createSigner } from '../../audit/signature.ts';
import { entry } from '../../audit/testing/open-audit.ts';
import { type Paths, resolvePaths } from '../../config/paths.ts';
import { openVault } from '../../secrets/vault.ts';
import { openDatabase } from '../../store/database.ts';
import { createSettings } from '../../store/settings.ts';
import { runProgram } from '../program.ts';

interface Check {
  readonly name: string;
  readonly state: string;
  readonly text: string;
  readonly hint: string | null;
}

let folder: string;
let paths: Paths;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-doctor-'));
  paths = resolvePaths({ FARHAND_HOME: folder }, folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function doctor(): Promise<{ code: number; of: (name: string) => Check[] }> {
  let out = '';
  const code = await runProgram(['doctor', '--json'], {
    streams: { out: { write: (text: string) => (out += text) }, err: { write: () => true } },
    isInteractive: false,
    hasDisplay: false,
    paths,
    startServer: () => Promise.reject(new Error('not started here')),
    untilStopped: () => Promise.resolve(),
    ask: () => Promise.resolve(null),
    openBrowser() {},
    versionOf: (program: string) => Promise.resolve(`${program} 1`),
  } as never);
  const { checks } = JSON.parse(out) as { checks: Check[] };
  return { code, of: (name) => checks.filter((one) => one.name === name) };
}

const bad = (text: string, hint: string): Partial<Check> => ({
  state: 'bad',
  text: expect.stringContaining(text),
  hint: expect.stringContaining(hint),
});

function openAudit() {
  const db = openDatabase(paths.databaseFile);
  const audit = createAudit({ paths: auditPaths(paths), settings: createSettings(db) });
  const vault = openVault(paths.keyFile);
  audit.signWith(() => vault.derive('audit'));
  return { audit, signer: createSigner(vault.derive('audit')), close: () => (audit.close(), db.close()) };
}

describe('farhand doctor, without a server', () => {
  it('finds nothing to mend where nothing is there yet, and makes nothing', async () => {
    const { code, of } = await doctor();
    expect(code).toBe(0);
    for (const name of ['config.toml', 'policy.toml', 'audit log', 'key file'])
      expect(of(name)).toMatchObject([{ state: 'note' }]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('finds nothing to mend in what is as it should be', async () => {
    const { audit, close } = openAudit();
    audit.record(entry({ output: audit.keepOutput(Buffer.from('said')) }));
    close();
    writeFileSync(paths.configFile, '[hosts.prod]\nhost = "prod.example"\n');
    writeFileSync(paths.policyFile, '[[rules]]\nname = "build"\neffect = "allow"\nmatch = ["make *"]\n');
    const { code, of } = await doctor();
    expect(of('config.toml')).toMatchObject([{ state: 'ok' }]);
    expect(of('policy.toml')).toMatchObject([{ state: 'ok' }]);
    expect(of('key file')).toMatchObject([{ state: 'ok' }]);
    expect(of('audit log')).toMatchObject([{ state: 'ok', text: '1 events, whole' }]);
    expect(code).toBe(0);
  });

  it('tells where a file of the person is broken, and what that means', async () => {
    writeFileSync(paths.configFile, '[hosts.prod]\nhost = \n');
    writeFileSync(paths.policyFile, '[[rules]]\nname = "x"\neffect = "maybe"\nmatch = ["ls"]\n');
    const { code, of } = await doctor();
    expect(of('config.toml')).toMatchObject([bad('config.toml, line 2', 'Mend that line')]);
    expect(of('policy.toml')).toMatchObject([bad('line 3, column', 'no rule allows anything')]);
    expect(code).toBe(1);
  });

  it('tells each part of config.toml that cannot be used', async () => {
    writeFileSync(
      paths.configFile,
      [
        '[hosts.good]\nhost = "a"',
        '[hosts.prod]\nhots = "b"',
        '[sandbox.profiles.mine]\nextends = "none-such"',
        '[operations.Deploy]\nargv = ["x"]',
      ].join('\n'),
    );
    const found = (await doctor()).of('config.toml');
    expect(found).toHaveLength(3);
    expect(found).toMatchObject([
      bad('line 4: hosts.prod.hots', 'The host is refused'),
      bad('none-such', 'What should run in this sandbox is refused'),
      bad('line 7: operations.Deploy', 'The operation is refused'),
    ]);
  });

  it('tells folders and keys that others read, and a key that is none', async () => {
    openAudit().close();
    chmodSync(folder, 0o755);
    chmodSync(paths.keyFile, 0o644);
    const opened = await doctor();
    expect(opened.of('data folder')).toMatchObject([bad('other users can read it', `chmod 700 ${folder}`)]);
    expect(opened.of('key file')).toMatchObject([bad('other users can read it', 'chmod 600')]);
    writeFileSync(paths.keyFile, 'no key');
    chmodSync(paths.keyFile, 0o600);
    expect((await doctor()).of('key file')).toMatchObject([
      { state: 'bad', hint: expect.stringMatching(/./) },
    ]);
  });

  it('tells an audit log that cannot be written', async () => {
    const { file } = auditPaths(paths);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'this is no database, however long it may be'.repeat(100));
    expect((await doctor()).of('audit log')).toMatchObject([
      bad('cannot be written', 'Nothing is started until it can'),
    ]);
  });

  it('tells an audit log that somebody changed', async () => {
    const { audit, close } = openAudit();
    audit.record(entry());
    close();
    const db = new Sqlite(auditPaths(paths).file);
    db.exec("DROP TRIGGER events_stay; UPDATE events SET summary = 'harmless'");
    db.close();
    expect((await doctor()).of('audit log')).toMatchObject([
      bad('Event 1 was changed', 'farhand audit verify'),
    ]);
  });
});

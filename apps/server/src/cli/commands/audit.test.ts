import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '../../audit/audit.ts';
import { auditPaths } from '../../audit/audit-paths.ts';
import { entry } from '../../audit/testing/open-audit.ts';
import { type Paths, resolvePaths } from '../../config/paths.ts';
import { openVault } from '../../secrets/vault.ts';
import { openDatabase } from '../../store/database.ts';
import { createSettings } from '../../store/settings.ts';
import { runProgram } from '../program.ts';

let folder: string;
let paths: Paths;
let audit: Audit;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-audit-cli-'));
  paths = resolvePaths({ FARHAND_HOME: folder }, folder);
  const db = openDatabase(paths.databaseFile);
  audit = createAudit({ paths: auditPaths(paths), settings: createSettings(db) });
  const vault = openVault(paths.keyFile);
  audit.signWith(() => vault.derive('audit'));
});
afterEach(() => {
  audit.close();
  rmSync(folder, { recursive: true });
});

async function cli(...argv: string[]) {
  let [out, err] = ['', ''];
  const stream = (take: (text: string) => void) => ({
    write(text: string | Uint8Array, ...rest: unknown[]) {
      take(String(text));
      for (const one of rest) if (typeof one === 'function') one();
      return true;
    },
  });
  const code = await runProgram(['audit', ...argv], {
    streams: { out: stream((text) => (out += text)), err: stream((text) => (err += text)) } as never,
    isInteractive: false,
    hasDisplay: false,
    paths,
    startServer: () => Promise.reject(new Error('not started here')),
    untilStopped: () => Promise.resolve(),
    ask: () => Promise.resolve(null),
    openBrowser() {},
    versionOf: () => Promise.resolve(null),
  } as never);
  return { code, out, err };
}

const fill = () => {
  const output = audit.keepOutput(Buffer.from('said \u001b[31mred\n'));
  audit.record(entry({ summary: 'npm test', facts: { argv: ['npm', 'test'], jobId: 'job_a' } }));
  audit.record(entry({ kind: 'exit', summary: 'Exited with 1: npm test', facts: { code: 1 }, output }));
  audit.record(entry({ kind: 'sign_in', summary: 'came in\u202e', actor: { kind: 'page', name: null } }));
};

describe('farhand audit, without a server', () => {
  it('verifies, and tells what was changed by its exit status', async () => {
    fill();
    const good = await cli('verify');
    expect(good).toMatchObject({ code: 0 });
    expect(good.out).toMatch(
      /The log is whole. 3 events \(1 to 3\), 1 kept outputs.\nIts end, .*: 3:[0-9a-f]{64}/,
    );
    const head = /3:[0-9a-f]{64}/.exec(good.out)?.[0] ?? '';
    expect((await cli('verify', '--head', head)).code).toBe(0);
    expect((await cli('verify', '--head', `3:${'0'.repeat(64)}`)).code).toBe(1);
    const db = new Sqlite(auditPaths(paths).file);
    db.exec("DROP TRIGGER events_stay; UPDATE events SET actor_name = 'other' WHERE seq = 2");
    db.close();
    const bad = await cli('verify', '--json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({ isWhole: false, isSigned: true, problems: [{ seq: 2 }] });
  });

  it('says that signatures were not looked at where the key is not there', async () => {
    fill();
    rmSync(paths.keyFile);
    const found = await cli('verify');
    expect(found.code).toBe(0);
    expect(found.out).toContain('signatures were not looked at');
  });

  it('finds events by words and fields', async () => {
    fill();
    expect((await cli('search', 'npm', 'test')).out.split('\n')).toHaveLength(4);
    const failed = JSON.parse((await cli('search', '--exit', 'failed', '--json')).out);
    expect(failed.events.map(({ seq }: { seq: number }) => seq)).toEqual([2]);
    expect((await cli('search', '--kind', 'sign_in')).out).toContain('came in�');
    expect((await cli('search', 'nowhere')).out).toBe('Nothing was found.\n');
    expect((await cli('search', '--kind', 'nothing')).err).toContain('Kinds are connection, command,');
    expect((await cli('search', '--kind', 'exit', '--kind', 'command')).out.split('\n')).toHaveLength(4);
    // It would be another log than the one that is read.
    expect((await cli('search', '--server', 'https://x.example')).err).toContain('unknown option');
    expect((await cli('search', '--since', 'noon')).err).toContain('noon is no time');
    expect((await cli('search', '--since', '1h')).out).toContain('npm test');
  });

  it('shows one event, and what the command wrote with nothing that a terminal acts on', async () => {
    fill();
    expect((await cli('show', '1')).out).toContain('["npm","test"]');
    expect((await cli('show', '2', '--output')).out).toBe('said �[31mred\n');
    expect(await cli('show', '9')).toMatchObject({ code: 1, err: expect.stringContaining('no event 9') });
  });

  it('exports what can be verified elsewhere', async () => {
    fill();
    const { out } = await cli('export', '--jsonl');
    expect(out.trim().split('\n')).toHaveLength(5);
    const file = join(folder, 'audit.jsonl');
    writeFileSync(file, out);
    expect((await cli('verify', '--file', file)).out).toContain('The log is whole. 3 events');
    writeFileSync(file, out.replace('npm test', 'npm best'));
    expect((await cli('verify', '--file', file)).code).toBe(1);
    expect((await cli('verify', '--file', join(folder, 'none'))).err).toContain('cannot be read');
  });

  it('says of an output that it was removed, which is no error', async () => {
    fill();
    audit.setSettings({ maxOutputBytes: 1 }, { kind: 'cli', name: null });
    await audit.upkeep();
    expect(await cli('show', '2', '--output')).toMatchObject({
      code: 0,
      out: expect.stringContaining('The output of event 2 is no longer kept'),
    });
    expect((await cli('show', '2')).out).toMatch(/output +[0-9a-f]{64} \(no longer kept\)/);
    expect(await cli('verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 kept outputs, 1 no longer kept.'),
    });
  });

  it('says that there is no log yet', async () => {
    expect((await cli('verify')).out).toContain('The log is whole. No events.');
    expect((await cli('search')).err).toContain('There is no audit log');
  });
});

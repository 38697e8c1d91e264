import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protectBy } from '../protection/protect.ts';
import { HOST_KINDS, openHost, type SandboxHost } from '../sandbox/testing/hosts.ts';
import { placeAt, ran, sandboxesOf } from '../sandbox/testing/sandbox-bench.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createSecretFiles } from './secret-files.ts';
import { removeSecretFolders, secretFolders } from './secret-folder.ts';
import { createSecrets } from './secrets.ts';
import { openVault } from './vault.ts';

describe.each(HOST_KINDS)('files that are secrets in a sandbox on %s', { timeout: 60_000 }, (kind) => {
  let host: SandboxHost;
  let folder: string;
  let db: Database;
  beforeAll(async () => {
    host = await openHost(kind);
    folder = mkdtempSync(join(tmpdir(), 'farhand-secrets-'));
    db = openDatabase(join(folder, 'db'));
  }, 60_000);
  afterAll(async () => {
    await host.close();
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('are read by the jobs that they are for, and not seen by another kind', async () => {
    const secrets = createSecrets({ db, vault: openVault(join(folder, 'key')) });
    const form = { kind: 'file', fileName: 'key.pem' } as const;
    secrets.set({ kind: 'global' }, 'KEY', 'canary-inside', { form });
    secrets.set({ kind: 'global' }, 'OTHER', 'canary-other', { form, kinds: ['init'] });
    const place = placeAt(host.workspace);
    const by = { kind: 'page', name: null } as const;
    const run = async (use: 'agent' | 'init', script: string) => {
      const folders = (home: string) => secretFolders(home, place.workspaceId, use);
      const sandbox = sandboxesOf(host.runtime, () => 'workspace', '', folders).layer;
      const protect = protectBy(createSecretFiles({ secrets }), sandbox);
      const runtime = protect(host.runtime, place, { kind: use, sessionId: null, by });
      return ran(runtime, { script }, { cwd: host.workspace, env: secrets.environment(place, use) });
    };
    try {
      expect(await run('init', 'cat "$KEY" "$OTHER"')).toEqual({
        code: 0,
        out: 'canary-insidecanary-other',
        err: '',
      });
      const seen = await run(
        'agent',
        'cat "$KEY"; echo; ls "$(dirname "$KEY")/../.."; echo x >"$KEY" || echo NO',
      );
      expect(seen.out).toBe('canary-inside\nagent\nNO\n');
    } finally {
      await removeSecretFolders(host.runtime, place.workspaceId);
    }
  });
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostId } from '@farhand/shared/model/hosts';
import { describe, expect, it } from 'vitest';
import { createSshRuntime } from '../runtime.ts';

describe('a master', () => {
  // What is left unheard of it would end the server.
  it('says so where ssh cannot be started any more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'farhand-master-'));
    const sshProgram = join(folder, 'ssh');
    writeFileSync(sshProgram, '#!/bin/sh\nrm -f "$0"\nexec ssh "$@"\n');
    chmodSync(sshProgram, 0o700);
    const sshConfigPath = join(folder, 'config');
    writeFileSync(sshConfigPath, 'Host nowhere\n  HostName 127.0.0.1\n');
    const runtime = createSshRuntime({ hostId: 'nowhere' as HostId, sshConfigPath, sshProgram });
    await expect(runtime.facts()).rejects.toMatchObject({ code: 'host.ssh_missing' });
    await runtime.close();
    rmSync(folder, { recursive: true });
  });
});

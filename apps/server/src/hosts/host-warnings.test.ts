import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHostBench } from './testing/host-bench.ts';

let folder: string;
let sshd: TestSshd;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'farhand-warnings-'));
  sshd = await startSshd();
});
afterEach(async () => {
  await sshd.stop();
  rmSync(folder, { recursive: true });
});

// No systemd runs here: this answers as its tool does.
function becomeOneThat(kills: 'yes' | 'no'): void {
  const bin = path.join(sshd.home, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(sshd.home, '.profile'), `export PATH=${bin}:$PATH\n`);
  const program = path.join(bin, 'loginctl');
  writeFileSync(
    program,
    `#!/bin/sh\ncase $* in *KillUserProcesses*) echo KillUserProcesses=${kills} ;; esac\n`,
  );
  chmodSync(program, 0o755);
}

/** Hosts with the one of the test in use, and a wait for what its entity becomes. */
function open() {
  const id = sshd.alias as HostId;
  const { hosts, runtimes, feed, close } = openHostBench(folder, {
    sshConfigPath: sshd.sshConfigPath,
    hostsInUse: () => [id],
  });
  const until = (isSo: (host: Host) => boolean) =>
    new Promise<Host>((resolve) =>
      feed.watch((change) => {
        if (change.type !== 'changed' || change.entity.kind !== 'host') return;
        if (isSo(change.entity.value)) resolve(change.entity.value);
      }),
    );
  return { id, hosts, runtime: runtimes.for(id), until, close };
}

describe('warnings of a host', () => {
  it('come with its first connection, whoever made it, and go when the host has changed', async () => {
    becomeOneThat('yes');
    const { id, hosts, runtime, until, close } = open();
    expect(hosts.get(id).warnings).toEqual([]);
    const warned = until(({ warnings }) => warnings.length > 0);
    await runtime.files.list(sshd.home);
    expect((await warned).warnings).toEqual([
      {
        code: 'host.kills_at_logout',
        message: expect.stringContaining(`ends all programs of ${sshd.user}`),
        hint: expect.stringContaining(`loginctl enable-linger ${sshd.user}`),
      },
    ]);
    expect((await hosts.list()).find((host) => host.id === id)?.warnings).toHaveLength(1);
    becomeOneThat('no');
    // Connected by hand, it is told together with the connection.
    await hosts.reconnect(id);
    expect(hosts.get(id).warnings).toEqual([]);
    becomeOneThat('yes');
    await hosts.reconnect(id);
    expect(hosts.get(id).warnings).toHaveLength(1);
    await close();
  });

  it('stay as they were while the host is away, which is not asked then', async () => {
    becomeOneThat('yes');
    const { id, hosts, until, close } = open();
    await hosts.reconnect(id);
    const away = until(({ connection }) => connection.state !== 'connected');
    sshd.killConnections();
    expect((await away).warnings).toHaveLength(1);
    await close();
  });
});

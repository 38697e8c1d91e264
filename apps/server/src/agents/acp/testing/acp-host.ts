import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd } from '@farhand/shared/testing/sshd';

/** A host for the suite. The folder of each workspace is in `home`, which this machine sees too. */
export interface AcpHost {
  readonly hostId: HostId;
  readonly home: string;
  /** A runtime of its own, as each server has one. */
  open(): Runtime;
  /** Breaks what is connected; nothing where nothing connects. */
  disconnect(): void;
  close(): Promise<void>;
}

/** This machine, with a home of its own. */
export async function localHost(): Promise<AcpHost> {
  const home = mkdtempSync(join(tmpdir(), 'farhand-acp-'));
  return {
    hostId: LOCAL_HOST,
    home,
    open: () => createLocalRuntime({ home, environment: { PATH: process.env.PATH } }),
    disconnect: () => {},
    close: async () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A real sshd on loopback. */
export async function sshHost(): Promise<AcpHost> {
  const sshd = await startSshd();
  const hostId = sshd.alias as HostId;
  return {
    hostId,
    home: sshd.home,
    open: () => createSshRuntime({ hostId, sshConfigPath: sshd.sshConfigPath }),
    disconnect: () => sshd.killConnections(),
    close: () => sshd.stop(),
  };
}

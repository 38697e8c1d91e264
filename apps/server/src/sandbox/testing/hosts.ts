/** The hosts that sandboxes are tried on: this machine, and one over ssh as an ordinary user where we are root. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd } from '@farhand/shared/testing/sshd';
import { fillHome } from './sandbox-bench.ts';

export interface SandboxHost {
  readonly runtime: Runtime;
  readonly home: string;
  readonly workspace: string;
  /** Breaks every connection to it. */
  breakConnections(): void;
  close(): Promise<void>;
}

export type HostKind = 'this machine' | 'ssh as an ordinary user';
export const HOST_KINDS: readonly HostKind[] = ['this machine', 'ssh as an ordinary user'];

export async function openHost(
  kind: HostKind,
  environment: Readonly<Record<string, string>> = {},
): Promise<SandboxHost> {
  if (kind === 'this machine') {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'farhand-sandbox-')));
    const runtime = createLocalRuntime({ home, environment: { PATH: process.env.PATH, ...environment } });
    return {
      runtime,
      home,
      workspace: fillHome(home),
      breakConnections: () => {},
      async close() {
        await runtime.close();
        rmSync(home, { recursive: true, force: true });
      },
    };
  }
  const sshd = await startSshd({ asUser: `fh-sandbox-${process.pid}`, environment });
  const workspace = fillHome(sshd.home);
  execFileSync('chown', ['-R', sshd.user, sshd.home]);
  const runtime = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
  return {
    runtime,
    home: sshd.home,
    workspace,
    breakConnections: () => sshd.killConnections(),
    async close() {
      await runtime.close();
      await sshd.stop();
    },
  };
}

import type { HostId } from '@farhand/shared/model/hosts';
import type { HostShell } from '@farhand/shared/runtime/shell';
import type { TestSshd } from '@farhand/shared/testing/sshd';
import { Connection } from '../connection.ts';
import { createShell } from '../shell.ts';
import { ControlShell } from '../shells/control-shell.ts';
import { ShellPool } from '../shells/shell-pool.ts';

/** The bare shell that a runtime is built on. */
export function createShellOf(sshd: TestSshd): { shell: HostShell; close: () => Promise<void> } {
  const connection = new Connection({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
  const pool = new ShellPool(connection);
  const shell = createShell({ pool, control: new ControlShell(connection) });
  return {
    shell,
    close: async () => {
      pool.close();
      await connection.close();
    },
  };
}

import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd } from '@farhand/shared/testing/sshd';
import { createSandboxes } from '../apps/server/src/sandbox/sandboxes.ts';
import { medianPairMs } from './measure.ts';
import { atMost, type Row } from './row.ts';

const PAIRS = 40;

/** What a command in a sandbox takes longer than one outside, in the same run. */
export async function benchSandbox(): Promise<Row[]> {
  const sshd = await startSshd();
  const plain = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
  try {
    const sandboxes = createSandboxes({
      config: { path: '', read: () => ({}), problem: () => null },
      runtimes: { for: () => plain },
      profileOf: () => 'workspace',
    });
    const place = {
      workspaceId: newId('workspace'),
      projectId: newId('project'),
      hostId: plain.hostId,
      directory: `${sshd.home}/work`,
    };
    await plain.files.write(`${place.directory}/file`, new Uint8Array(1));
    const use = { kind: 'agent', sessionId: null, by: { kind: 'agent', name: 'bench' } } as const;
    const inside = sandboxes.layer(plain, place, use);
    const command = (runtime: Runtime) =>
      runtime.exec({ argv: ['sh', '-c', 'echo one'] }, { cwd: place.directory });
    await command(inside);
    const [caged, free] = await medianPairMs(
      PAIRS,
      () => command(inside),
      () => command(plain),
    );
    return [
      atMost(15, {
        name: 'a short command over ssh, in a sandbox, over one that is not',
        value: caged / free,
        unit: 'ratio',
        baseline: `${free.toFixed(1)} ms without, ${caged.toFixed(1)} ms with`,
      }),
    ];
  } finally {
    await plain.close();
    await sshd.stop();
  }
}

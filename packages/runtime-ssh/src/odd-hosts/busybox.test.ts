import { newId } from '@farhand/shared/model/ids';
import { commandRules } from '@farhand/shared/testing/contract/commands';
import { fileRules } from '@farhand/shared/testing/contract/files';
import { jobRules } from '@farhand/shared/testing/contract/jobs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { answerOf, describeRules, oddHost } from './odd-host.ts';
import { busyboxApplets, userland } from './userland.ts';

// The 150 MB of JB7 pass through tools that are slower than others'.
vi.setConfig({ testTimeout: 90_000 });

const small = userland(busyboxApplets());
afterAll(small.close);

describeRules(
  'a host with busybox alone',
  { ...small.host, hasSftp: false },
  {
    commands: commandRules,
    jobs: jobRules,
    files: fileRules,
  },
);

describe('a host with busybox alone', () => {
  it('says that it holds no terminal, before and when one is opened', async () => {
    const { runtime } = await oddHost(small.host);
    expect(await answerOf(runtime, 'readlink "$(command -v sh)"')).toMatch(/busybox\n$/);
    expect(await runtime.facts()).toMatchObject({ hasTerminal: false, hasBash: false, gitVersion: null });
    const terminal = { rows: 24, cols: 80 };
    await expect(
      runtime.jobs.start({ id: newId('job'), command: { script: 'true' }, cwd: '/', terminal }),
    ).rejects.toMatchObject({ code: 'terminal.unsupported' });
    expect(await answerOf(runtime, 'ls .farhand/jobs 2>/dev/null; echo')).toBe('\n');
  });
});

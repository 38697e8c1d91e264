import { newId } from '@farhand/shared/model/ids';
import { terminalRules } from '@farhand/shared/testing/contract/terminals';
import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../testing/ssh-host.ts';
import { answerOf, describeRules, jobOutput, oddHost } from './odd-host.ts';
import { toolsBut, userland } from './userland.ts';

// As util-linux had it before 2.24 (2013), and as other systems have it.
const OLD_SETSID = `#!/bin/sh
case $1 in -*) echo "setsid: invalid option" >&2; exit 1 ;; esac
exec /usr/bin/setsid "$@"
`;

const withPerl = userland(toolsBut('script', 'python3'));
const withPython = userland(toolsBut('script', 'perl'));
const oldSetsid = userland(toolsBut('setsid', 'perl'), { setsid: OLD_SETSID });
const noSetsid = userland(toolsBut('setsid'));
const nothing = userland(toolsBut('setsid', 'perl'));
afterAll(() => [withPerl, withPython, oldSetsid, noSetsid, nothing].forEach((tools) => tools.close()));

describeRules('a host without script, with perl', withPerl.host, { terminals: terminalRules });
describeRules('a host without script, with python3', withPython.host, { terminals: terminalRules });

describe('a host whose setsid has no -f', () => {
  it('starts a job that outlives its connection, and that SIGINT reaches', async () => {
    const { runtime, sshd, open } = await oddHost(oldSetsid.host);
    const id = newId('job');
    const script = 'trap "echo caught; exit 5" INT; echo up; while :; do sleep 0.05; done';
    await runtime.jobs.start({ id, command: { script }, cwd: '/' });
    await runtime.close();
    sshd.killConnections();
    const again = open();
    expect((await again.jobs.get(id)).status).toEqual({ state: 'running' });
    await until(async () => (await again.jobs.get(id)).outBytes > 0);
    await again.jobs.signal(id, 'SIGINT');
    expect(await again.jobs.attach(id, { onOutput: () => {} })).toEqual({ kind: 'exited', code: 5 });
    await again.jobs.remove(id);
  });
});

describe('a host without setsid', () => {
  it('runs commands and jobs where perl is there', async () => {
    const { runtime } = await oddHost(noSetsid.host);
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
    expect(await jobOutput(runtime, 'echo well')).toBe('well\n');
  });

  it('says what is missing where perl is not there either', async () => {
    const { runtime } = await oddHost(nothing.host);
    await expect(runtime.exec({ argv: ['true'] })).rejects.toMatchObject({
      code: 'host.shell_unusable',
      message: expect.stringContaining('neither setsid nor perl is there'),
    });
  });
});

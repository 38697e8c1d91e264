import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { warningsOf } from '@farhand/shared/runtime/logind';
import { processesAt, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../testing/ssh-host.ts';
import { oddHost } from './odd-host.ts';
import { toolsBut, userland } from './userland.ts';

// No systemd runs here: these answer as its tools do, and the test ends what logind would.
const loginctl = (answers: { linger: string; spared: string }) => `#!/bin/sh
case $* in
  'show-user -p KillUserProcesses -p KillOnlyUsers -p KillExcludeUsers')
    printf 'KillUserProcesses=yes\\nKillOnlyUsers=\\nKillExcludeUsers=${answers.spared}\\n' ;;
  'show-user '*' -p Linger') echo Linger=${answers.linger} ;;
  *) echo "Unknown arguments: $*" >&2; exit 1 ;;
esac
`;
const SYSTEMD_RUN = `#!/bin/sh
[ "$1 $2 $3 $4" = '--user --scope --quiet --' ] || exit 1
shift 4
echo $$ >>"$HOME/scopes"
exec "$@"
`;

const places = {
  killing: userland(toolsBut(), {
    loginctl: loginctl({ linger: 'no', spared: 'root2' }),
    'systemd-run': SYSTEMD_RUN,
  }),
  lingering: userland(toolsBut(), {
    loginctl: loginctl({ linger: 'yes', spared: '' }),
    'systemd-run': SYSTEMD_RUN,
  }),
  sparing: userland(toolsBut(), {
    loginctl: loginctl({ linger: 'no', spared: `x ${userInfo().username} y` }),
  }),
};
afterAll(() => Object.values(places).forEach((place) => place.close()));

/** What logind does when the last connection has ended: all that is not in a scope of the user's manager. */
function logOut(sshd: TestSshd): void {
  sshd.killConnections();
  const scopes = readOr(join(sshd.home, 'scopes')).trim().split('\n');
  for (const pid of processesAt(sshd.home)) {
    if (scopes.includes(String(pid)) || isBelow(pid, scopes)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function isBelow(pid: number, ancestors: readonly string[]): boolean {
  const parent = / [A-Z] (\d+) /.exec(readOr(`/proc/${pid}/stat`))?.[1];
  return (
    parent !== undefined &&
    Number(parent) > 1 &&
    (ancestors.includes(parent) || isBelow(Number(parent), ancestors))
  );
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

describe('a host that ends the programs of an account at logout', () => {
  it('is recognised, and says what helps; a job there is lost and not said to have exited', async () => {
    const { runtime, sshd, open } = await oddHost(places.killing.host);
    const facts = await runtime.facts();
    expect(facts.killsAtLogout).toBe(true);
    expect(warningsOf(facts)).toMatchObject([
      { code: 'host.kills_at_logout', hint: expect.stringContaining(`loginctl enable-linger ${facts.user}`) },
    ]);
    const id = newId('job');
    await runtime.jobs.start({ id, command: { script: 'echo up; exec sleep 60' }, cwd: '/' });
    await runtime.close();
    logOut(sshd);
    expect((await open().jobs.get(id)).status).toEqual({ state: 'ended', exit: { kind: 'lost' } });
  });

  it('ends no job where the account lingers: it starts in a scope of its own', async () => {
    const { runtime, sshd, open } = await oddHost(places.lingering.host);
    expect((await runtime.facts()).killsAtLogout).toBe(false);
    expect(warningsOf(await runtime.facts())).toEqual([]);
    const id = newId('job');
    const script = 'echo "up $FARHAND_SCOPE"; until [ -e "$HOME/go" ]; do sleep 0.05; done; echo late';
    await runtime.jobs.start({ id, command: { script }, cwd: '/' });
    await until(async () => (await runtime.jobs.get(id)).outBytes > 0);
    await runtime.close();
    logOut(sshd);
    const again = open();
    await again.files.write(`${sshd.home}/go`, Buffer.from(''));
    let text = '';
    const exit = await again.jobs.attach(id, {
      onOutput: (_s, _o, bytes) => void (text += Buffer.from(bytes)),
    });
    expect([exit, text]).toEqual([{ kind: 'exited', code: 0 }, 'up \nlate\n']);
  });

  it('is none where the account is spared, or nobody tells', async () => {
    const spared = await oddHost(places.sparing.host);
    expect((await spared.runtime.facts()).killsAtLogout).toBe(false);
    const plain = await oddHost();
    expect((await plain.runtime.facts()).killsAtLogout).toBe(null);
  });
});

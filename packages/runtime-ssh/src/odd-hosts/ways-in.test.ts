import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostId } from '@farhand/shared/model/hosts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, oddHost } from './odd-host.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);

const describeWithIpv6 = hasIpv6 ? describe : undefined;

function configOf(sshConfigPath: string, name: string, text: (config: string) => string): string {
  const path = `${sshConfigPath}-${name}`;
  writeFileSync(path, text(readFileSync(sshConfigPath, 'utf8')));
  return path;
}

/** The settings of a test host under another alias. */
function renamed(config: string, alias: string): string {
  return config.replace(/^Host .*$/m, `Host ${alias}`);
}

describe('the way to a host', () => {
  it('leads past a banner, however long and with escapes', async () => {
    const text = `${'\x1b]0;owned\x07\x1b[2J\x1b[31mAuthorized use only\n'.repeat(2000)}\x9b31m no end`;
    const folder = mkdtempSync(join(tmpdir(), 'farhand-banner-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'banner'), text, 'latin1');
    const { runtime } = await oddHost({ config: [`Banner ${folder}/banner`] });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
    expect(JSON.stringify(runtime.connection())).not.toContain('Authorized');
  });

  it('leads through a jump host', async () => {
    const jump = await oddHost();
    const host = await oddHost();
    const path = configOf(host.sshd.sshConfigPath, 'jump', (config) => {
      return `${config}  ProxyJump jump\n${renamed(readFileSync(jump.sshd.sshConfigPath, 'utf8'), 'jump')}`;
    });
    const runtime = host.open({ sshConfigPath: path });
    expect(await answerOf(runtime, 'echo "$HOME"')).toBe(`${host.sshd.home}\n`);
    expect([jump.sshd.logins(), host.sshd.logins()]).toEqual([1, 1]);
  });

  it('leads through a ProxyCommand, and says what one that fails said', async () => {
    const { sshd, open } = await oddHost();
    const through = (command: string) =>
      configOf(
        sshd.sshConfigPath,
        `proxy-${command.length}`,
        (config) => `${config}  ProxyCommand ${command}\n`,
      );
    const runtime = open({ sshConfigPath: through('nc %h %p') });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
    const broken = open({ sshConfigPath: through('sh -c "echo no way through >&2; exit 3"') });
    await expect(broken.exec({ argv: ['true'] })).rejects.toMatchObject({
      code: expect.stringMatching(/^host\./),
    });
  });

  it('is found by Include and Match in the configuration', async () => {
    const { sshd, open } = await oddHost();
    mkdirSync(join(sshd.directory, 'conf.d'));
    const config = readFileSync(sshd.sshConfigPath, 'utf8');
    const port = /^\s+Port .*$/m;
    writeFileSync(
      join(sshd.directory, 'conf.d', '10-host'),
      renamed(config, 'by-include other').replace(port, ''),
    );
    const path = `${sshd.sshConfigPath}-include`;
    writeFileSync(
      path,
      `Include ${sshd.directory}/conf.d/*\nMatch originalhost by-include exec "test -e ${path}"\n  Port ${sshd.port}\nHost *\n  Port 1\n`,
    );
    const runtime = open({ sshConfigPath: path, hostId: 'by-include' as HostId });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
    const other = open({ sshConfigPath: path, hostId: 'other' as HostId });
    await expect(other.exec({ argv: ['true'] })).rejects.toMatchObject({ code: 'host.refused' });
  });
});

describeWithIpv6?.('a host with an IPv6 address alone', () => {
  it('is reached', async () => {
    const { runtime } = await oddHost({ address: '::1' });
    expect(await answerOf(runtime, 'echo "${SSH_CONNECTION%% *}"')).toBe('::1\n');
  });
});

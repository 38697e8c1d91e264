import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '@farhand/shared/model/audit';
import { type HostId, type HostRecord, hostRecord } from '@farhand/shared/model/hosts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHostBench } from '../testing/host-bench.ts';

const PAGE: Actor = { kind: 'page', name: null };
const PROD = 'prod' as HostId;
const record = (part: Partial<HostRecord> = {}): HostRecord =>
  hostRecord.parse({ host: 'prod.example.com', ...part });
const TEXT = `# my hosts
default_host = "prod" # where I work

# the production box
[hosts.prod] # careful
host = "prod.example.com" # dns
port = 2222
user = "ada"
identity_file = "~/.ssh/prod"
directory = "/srv/work"
environment = { LANG = "C" }
labels = ["eu", "big"]
`;

let folder: string;
let bench: ReturnType<typeof openHostBench>;
const file = () => join(folder, 'config.toml');
const write = (text: string) => writeFileSync(file(), text);
const open = () => {
  bench = openHostBench(folder);
  return bench;
};
const codeOf = (action: () => unknown): unknown => {
  try {
    action();
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
  return null;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-records-'));
});
afterEach(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

describe('records of hosts', () => {
  it('are read from config.toml, with the default host', async () => {
    write(TEXT);
    const { hosts } = open();
    const prod = (await hosts.list()).find(({ id }) => id === PROD);
    expect(prod).toMatchObject({ source: 'record', isDefault: true, recordProblem: null });
    expect(prod?.record).toEqual({
      host: 'prod.example.com',
      port: 2222,
      user: 'ada',
      identityFile: '~/.ssh/prod',
      directory: '/srv/work',
      environment: { LANG: 'C' },
      labels: ['eu', 'big'],
      isEnabled: true,
    });
    expect(hosts.resolve(null)).toBe('prod');
    expect(hosts.target(null)).toEqual({ hostId: 'prod', baseDirectory: '/srv/work' });
    expect(hosts.resolve('local')).toBe('local');
    expect(hosts.get('local' as HostId).isDefault).toBe(false);
  });

  it('are written where they stand, and comments stay', () => {
    write(TEXT);
    const { hosts, audit } = open();
    hosts.change('prod', { ...(hosts.record(PROD) ?? record()), port: 22, labels: [] }, PAGE);
    expect(readFileSync(file(), 'utf8')).toBe(
      TEXT.replace('port = 2222', 'port = 22').replace('["eu", "big"]', '[]'),
    );
    hosts.setEnabled('prod', false, PAGE);
    hosts.add('lab', record({ host: 'ada@lab' as HostId }), PAGE);
    expect(readFileSync(file(), 'utf8')).toContain('enabled = false\n\n[hosts.lab]\nhost = "ada@lab"\n');
    hosts.remove('lab', PAGE);
    hosts.clearDefault(PAGE);
    expect(readFileSync(file(), 'utf8')).toContain('# my hosts\n\n# the production box\n');
    expect(
      audit.entries.map(({ kind, actor, hostId, facts }) => [kind, actor.kind, hostId, facts.event]),
    ).toEqual([
      ['setting', 'server', 'prod', 'added'],
      ['setting', 'page', 'prod', 'changed'],
      ['setting', 'page', 'prod', 'changed'],
      ['setting', 'page', 'lab', 'added'],
      ['setting', 'page', 'lab', 'removed'],
      ['setting', 'page', 'local', 'default'],
    ]);
  });

  it('follow the file while it is edited, and put that on record', async () => {
    write(TEXT);
    const { hosts, changes, audit } = open();
    write(TEXT.replace('port = 2222', 'port = 23'));
    await vi.waitFor(() => expect(hosts.record(PROD)?.port).toBe(23), { timeout: 5000 });
    await vi.waitFor(() =>
      expect(changes).toContainEqual(
        expect.objectContaining({
          entity: expect.objectContaining({
            value: expect.objectContaining({ id: 'prod', record: expect.objectContaining({ port: 23 }) }),
          }),
        }),
      ),
    );
    expect(audit.entries.at(-1)).toMatchObject({ actor: { kind: 'server' }, facts: { event: 'changed' } });
    write('');
    await vi.waitFor(() => expect(codeOf(() => hosts.resolve('prod'))).toBe('host.deleted'), {
      timeout: 5000,
    });
    expect(audit.entries.at(-1)).toMatchObject({ facts: { event: 'removed' } });
  });

  it('are refused once deleted or disabled, also after a restart, and never replaced by this machine', async () => {
    write(TEXT);
    const { hosts, runtimes } = open();
    hosts.setEnabled('prod', false, PAGE);
    expect(codeOf(() => hosts.resolve('prod'))).toBe('host.disabled');
    expect(codeOf(() => hosts.resolve(null))).toBe('host.disabled');
    await expect(runtimes.for(PROD).exec({ argv: ['true'] })).rejects.toMatchObject({
      code: 'host.disabled',
    });
    expect(hosts.get(PROD).connection).toMatchObject({ state: 'refused', code: 'host.disabled' });
    hosts.remove('prod', PAGE);
    expect(codeOf(() => hosts.resolve(null))).toBe('host.deleted');
    await expect(runtimes.for(PROD).exec({ argv: ['true'] })).rejects.toMatchObject({ code: 'host.deleted' });
    await bench.close();
    const again = open();
    expect(codeOf(() => again.hosts.resolve('prod'))).toBe('host.deleted');
    await expect(again.runtimes.for(PROD).facts()).rejects.toMatchObject({ code: 'host.deleted' });
    again.hosts.add('prod', record(), PAGE);
    expect(again.hosts.resolve('prod')).toBe('prod');
  });

  it('are deleted too where the file lost them while no server ran', async () => {
    write(TEXT);
    open();
    await bench.close();
    write('');
    expect(codeOf(() => open().hosts.resolve('prod'))).toBe('host.deleted');
  });

  it('that cannot be read are shown with file, line and key, and the others go on', async () => {
    write(
      `${TEXT}\n[hosts.wrong]\nhost = "x"\nport = "22"\n\n[hosts.odd]\nhost = "x"\nprot = 22\n\n[hosts.dash]\nhost = "-oProxyCommand=id"\n`,
    );
    const { hosts, runtimes } = open();
    const list = await hosts.list();
    const problem = (id: string) => list.find((host) => host.id === id)?.recordProblem;
    expect(problem('wrong')).toBe(`${file()}, line 16: hosts.wrong.port: must be a number from 1 to 65535.`);
    expect(problem('odd')).toContain('line 20: hosts.odd.prot: there is no such key');
    expect(problem('dash')).toContain('line 23: hosts.dash.host: must be what ssh takes');
    expect(codeOf(() => hosts.resolve('wrong'))).toBe('host.record_invalid');
    await expect(runtimes.for('wrong' as HostId).facts()).rejects.toMatchObject({
      code: 'host.record_invalid',
    });
    expect(hosts.resolve('prod')).toBe('prod');
  });

  it.each([
    ['local', 'is this machine'],
    ['"a b"', 'a name begins with'],
    ['"-x"', 'a name begins with'],
  ])('called %s are told as a problem of the file', async (name, words) => {
    write(`[hosts.${name}]\nhost = "x"\n`);
    const { hosts } = open();
    expect(hosts.configProblem()).toContain(words);
    expect((await hosts.list()).map(({ id }) => id)).toEqual(['local']);
  });

  it('are not lost, and not taken for raw names, while the file is broken', async () => {
    write(TEXT);
    open();
    await bench.close();
    write(`${TEXT}\n[hosts`);
    const { hosts, audit } = open();
    expect(codeOf(() => hosts.resolve('prod'))).toBe('host.record_invalid');
    expect(codeOf(() => hosts.resolve(null))).toBe('config.unreadable');
    expect(codeOf(() => hosts.add('new', record(), PAGE))).toBe('config.unreadable');
    expect(audit.entries.filter(({ actor }) => actor.kind === 'page')).toEqual([]);
    expect(hosts.configProblem()).toContain('config.toml, line 14');
    write(TEXT);
    await vi.waitFor(() => expect(hosts.resolve(null)).toBe('prod'), { timeout: 5000 });
  });

  it('refuse names and values that ssh or we could misread', () => {
    const { hosts, audit } = open();
    for (const name of ['-x', 'local', 'default', 'a b', ''])
      expect(codeOf(() => hosts.add(name, record(), PAGE))).toBe('request.invalid');
    for (const host of ['$(id)', 'local', 'ssh://h/path', 'a;b'])
      expect(codeOf(() => hosts.add('ok', record({ host: host as HostId }), PAGE))).toBe('request.invalid');
    expect(hostRecord.safeParse({ host: 'h', user: '-l' }).success).toBe(false);
    expect(hostRecord.safeParse({ host: 'h', identityFile: 'relative' }).success).toBe(false);
    expect(hostRecord.safeParse({ host: 'h', environment: { 'A B': 'x' } }).success).toBe(false);
    hosts.add('ok', record(), PAGE);
    expect(codeOf(() => hosts.add('ok', record(), PAGE))).toBe('host.name_taken');
    expect(codeOf(() => hosts.change('nobody', record(), PAGE))).toBe('host.not_known');
    expect(codeOf(() => hosts.remove('nobody', PAGE))).toBe('host.not_known');
    // What was refused is not on record as done.
    expect(audit.entries.map(({ summary }) => summary)).toEqual(['Added the host ok']);
  });

  it('are what a default may name, and nothing that is not known', async () => {
    write('default_host = 7\n');
    const { hosts } = open();
    expect(codeOf(() => hosts.resolve(null))).toBe('host.not_known');
    write('default_host = "nowhere"\n');
    await vi.waitFor(() => expect(codeOf(() => hosts.resolve(null))).toBe('host.not_known'), {
      timeout: 5000,
    });
    expect(codeOf(() => hosts.setDefault('elsewhere' as HostId, PAGE))).toBe('host.not_known');
    expect(hosts.resolve('elsewhere')).toBe('elsewhere');
    expect(codeOf(() => hosts.resolve('elsewhere', { isKnownOnly: true }))).toBe('host.not_known');
    hosts.setDefault('local' as HostId, PAGE);
    expect(hosts.resolve(null)).toBe('local');
  });
});

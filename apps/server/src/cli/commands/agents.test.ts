import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostAgent } from '@farhand/shared/model/agents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import { resolvePaths } from '../../config/paths.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import type { HostAgents } from '../../host-agents/host-agents.ts';
import { runProgram } from '../program.ts';

const AGENT: HostAgent = {
  id: 'opencode',
  name: 'OpenCode',
  kind: 'acp',
  state: 'ready',
  path: '/opt/\u001b[31mopencode',
  version: '1.18.33',
  command: 'opencode acp',
  installs: [{ id: 'npm', command: 'npm install -g opencode-ai' }],
  note: null,
  isCustom: false,
};
const MISSING: HostAgent = { ...AGENT, id: 'qwen', state: 'missing', path: null, version: null };
const AWAY: HostAgent = { ...MISSING, id: 'pi', state: 'unknown', installs: [] };

let folder: string;
let door: FrontDoor;
const asked: unknown[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
  const list = (...given: unknown[]) => {
    asked.push(given);
    return Promise.resolve([AGENT, MISSING, AWAY]);
  };
  door = await openFrontDoor({ hostAgents: { list } as unknown as HostAgents });
  const token = door.access.cliToken;
  writeRunningServer(join(folder, 'server.json'), { pid: 1, url: door.origin, version: 'test', token });
});
afterEach(async () => {
  await door.close();
  rmSync(folder, { recursive: true });
});

const run = async (...argv: string[]) => {
  const out: string[] = [];
  const write = (text: string | Uint8Array) => out.push(String(text)) > 0;
  const status = await runProgram(argv, {
    streams: { out: { write }, err: { write } },
    isInteractive: true,
    hasDisplay: false,
    paths: resolvePaths({ FARHAND_HOME: folder }, '/'),
    startServer: () => Promise.reject(new Error('nothing is served here')),
    untilStopped: () => Promise.resolve(),
    ask: () => Promise.reject(new Error('nothing is asked here')),
    openBrowser: () => {},
    versionOf: () => Promise.resolve(null),
  });
  return { status, out: out.join('') };
};

describe('farhand agents', () => {
  it('lists what a host has, and how to install the rest, as text that a terminal can show', async () => {
    const { status, out } = await run('agents', 'build-1', '--refresh');
    expect(status).toBe(0);
    expect(asked.at(-1)).toEqual(['build-1', true]);
    expect(out).toMatch(/opencode +OpenCode +acp +1\.18\.33 \/opt\//);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('missing: npm install -g opencode-ai');
    expect(out).toContain('unknown: the host is away');
  });

  it('prints the same for a program', async () => {
    const { out } = await run('agents', 'build-1', '--json');
    expect(asked.at(-1)).toEqual(['build-1', false]);
    expect(JSON.parse(out)).toEqual({ agents: [AGENT, MISSING, AWAY] });
  });

  it('refuses what is no host', async () => {
    expect(await run('agents', '--', '-oProxyCommand=x')).toMatchObject({ status: 1 });
  });
});

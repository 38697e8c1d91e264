import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AgentId, HostAgent } from '@farhand/shared/model/agents';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../workspaces/testing/bench.ts';
import { createHostAgents, type HostAgents } from './host-agents.ts';

let bench: Bench;
let agents: HostAgents;
let home: string;
let bin: string;
let tools: string;
let isAway = false;

beforeEach(() => {
  isAway = false;
  home = realpathSync(mkdtempSync(join(tmpdir(), 'farhand-agents-')));
  // Where npm puts the programs of one user: not on the PATH of this login shell.
  bin = join(home, '.local/bin');
  tools = join(home, 'tools');
  for (const folder of [bin, tools]) mkdirSync(folder, { recursive: true });
  // Whatever the login shell is here: its own start-up files may set the PATH anew.
  for (const file of ['.profile', '.bash_profile', '.zprofile'])
    writeFileSync(join(home, file), `PATH="${tools}:$PATH"\n`);
  bench = openBench({ home, runtime: createLocalRuntime({ home, environment: { PATH: process.env.PATH } }) });
  const { db, feed, workspaces, terminals, runtime } = bench;
  const away = new FarhandError('host.unreachable');
  const runtimes = { for: () => (isAway ? { ...runtime, exec: () => Promise.reject(away) } : runtime) };
  agents = createHostAgents({ db, feed, runtimes, workspaces, terminals });
});
afterEach(async () => {
  await bench.close();
  rmSync(home, { recursive: true, force: true });
});

const install = (name: string, script: string, folder = bin) => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
};
const list = (refresh = false) => agents.list(LOCAL_HOST, refresh);
const find = async (id: string, refresh = false): Promise<HostAgent> => {
  const found = (await list(refresh)).find((one) => one.id === id);
  if (!found) throw new Error(`${id} is not in the list`);
  return found;
};

describe('the agents of a host', () => {
  it('are found with path and version in one round trip, also outside the PATH', async () => {
    install('opencode', 'echo 1.18.33');
    const before = bench.execs();
    expect(await find('opencode')).toMatchObject({
      state: 'ready',
      path: join(bin, 'opencode'),
      version: '1.18.33',
      command: 'opencode acp',
    });
    expect(bench.execs() - before).toBe(1);
    expect(await find('opencode-cli')).toMatchObject({ kind: 'terminal', command: 'opencode' });
    expect(await find('builtin')).toMatchObject({ kind: 'builtin', state: 'ready' });
  });

  it('are kept until they are looked at anew', async () => {
    expect(await find('goose')).toMatchObject({ state: 'missing', path: null, version: null });
    install('goose', 'echo 1.27.2');
    expect(await find('goose')).toMatchObject({ state: 'missing' });
    expect(await find('goose', true)).toMatchObject({ state: 'ready', version: '1.27.2' });
  });

  it('do not wait for one that hangs, nor take what one says without end', async () => {
    install('qwen', 'trap "" TERM; sleep 300 & wait; sleep 300');
    install('goose', 'while :; do printf "\\033[31m0.1.2\\tflood "; done');
    install('kilo', 'echo 7.7.7; exit 3');
    const startedAt = performance.now();
    expect(await find('qwen')).toMatchObject({ state: 'ready', version: null });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(await find('goose')).toMatchObject({ state: 'ready', version: null });
    expect(await find('kilo')).toMatchObject({ state: 'ready', version: null });
  });

  it('are missing without the program that they run', async () => {
    install('pi-acp', 'exec sleep 300');
    expect(await find('pi')).toMatchObject({ state: 'missing' });
    install('pi', 'echo 0.87.1');
    expect(await find('pi', true)).toMatchObject({ state: 'ready', version: '0.87.1' });
  });

  it('take the arguments that their version knows', async () => {
    install('gemini', 'echo 0.27.3');
    expect(await find('gemini')).toMatchObject({ command: 'gemini --experimental-acp' });
    install('gemini', 'echo 0.61.0');
    expect(await find('gemini', true)).toMatchObject({ command: 'gemini --acp' });
  });

  it('are unknown while the host is away, which is not kept', async () => {
    install('opencode', 'echo 1.18.33');
    isAway = true;
    expect(await find('opencode')).toMatchObject({ state: 'unknown', path: null, installs: [] });
    isAway = false;
    expect(await find('opencode')).toMatchObject({ state: 'ready' });
  });

  it('offer the installs that the host can carry out', async () => {
    const packages = join(home, 'global/lib/node_modules');
    install('npm', `echo "${home}/global"`, tools);
    expect((await find('qwen')).installs).toEqual([
      { id: 'npm-user', command: 'npm install -g --prefix "$HOME/.local" @qwen-code/qwen-code' },
    ]);
    mkdirSync(packages, { recursive: true });
    expect((await find('qwen', true)).installs[0]).toEqual({
      id: 'npm',
      command: 'npm install -g @qwen-code/qwen-code',
    });
  });
});

describe('the start of an agent', () => {
  const run = async (command: string) => {
    const { stdout } = await bench.runtime.exec({ script: command });
    return Buffer.from(stdout).toString();
  };

  it('runs its program with the arguments of the protocol, or in a terminal without', async () => {
    install('opencode', 'echo "got $*"');
    const start = await agents.startCommand('opencode', bench.runtime);
    expect(start.name).toBe('OpenCode');
    expect(await run(start.command)).toBe('got acp\n');
    const terminal = await agents.terminalCommand('opencode-cli', bench.runtime);
    expect(await run(terminal.command)).toBe('got \n');
  });

  it('gives an agent the variables that it needs to ask, unless they are set', async () => {
    install('codex-acp', 'echo "mode $INITIAL_AGENT_MODE"');
    const { command } = await agents.startCommand('codex', bench.runtime);
    expect(await run(command)).toBe('mode read-only\n');
    expect(await run(`INITIAL_AGENT_MODE=agent; ${command}`)).toBe('mode agent\n');
  });

  it('finds what was installed by hand after the last look', async () => {
    await list();
    install('cline', 'echo "got $*"');
    const { command } = await agents.startCommand('cline', bench.runtime);
    expect(await run(command)).toBe('got --acp\n');
  });

  it('says what is missing, and how to install it', async () => {
    await expect(agents.startCommand('kilo', bench.runtime)).rejects.toMatchObject({
      code: 'agent.not_installed',
      message: 'Kilo is not installed on local.',
    });
    await expect(agents.startCommand('nobody', bench.runtime)).rejects.toMatchObject({
      code: 'agent.unknown',
    });
    await expect(agents.startCommand('aider-cli', bench.runtime)).rejects.toMatchObject({
      code: 'agent.unknown',
    });
  });
});

describe('a command of a person’s own', () => {
  it('is kept, started as it is, and forgotten', async () => {
    install('my-agent', 'echo "mine $*"');
    const id = agents.add({ name: 'My agent', kind: 'acp', command: 'my-agent --acp && echo after' });
    expect(agents.add({ name: 'My agent', kind: 'terminal', command: 'nothing-there' })).toBe(
      'custom-my-agent-2',
    );
    expect(id).toBe('custom-my-agent');
    expect(await find(id)).toMatchObject({ state: 'ready', path: join(bin, 'my-agent'), isCustom: true });
    expect(await find('custom-my-agent-2')).toMatchObject({ state: 'missing', kind: 'terminal' });
    const { command } = await agents.startCommand(id, bench.runtime);
    const { stdout } = await bench.runtime.exec({ script: command });
    expect(Buffer.from(stdout).toString()).toBe('mine --acp\nafter\n');
    agents.remove(id);
    expect(() => agents.remove(id)).toThrow(FarhandError);
    await expect(agents.startCommand(id, bench.runtime)).rejects.toMatchObject({ code: 'agent.unknown' });
  });

  it('is never looked for as anything but a plain word', async () => {
    const mark = join(home, 'ran');
    const id = agents.add({ name: 'Odd', kind: 'acp', command: `$(touch${'$'}{IFS}${mark}) x` });
    expect(await find(id)).toMatchObject({ state: 'ready', path: null });
    expect(() => rmSync(mark)).toThrow('ENOENT');
  });
});

describe('an install', () => {
  it('runs in a terminal that shows its command, and at its end the host is looked at anew', async () => {
    install(
      'npm',
      `[ "$1" = install ] || exit 1\nprintf '#!/bin/sh\\necho 0.24.4\\n' >"${bin}/qwen" && chmod +x "${bin}/qwen"`,
      tools,
    );
    const shop = bench.repository();
    shop.write('README.md', '# Shop\n');
    shop.commit('first');
    const { id: projectId } = await bench.projects.add(shop.path);
    const { id: workspaceId } = await bench.make({ projectId });
    expect(await find('qwen')).toMatchObject({ state: 'missing' });
    const { id } = await agents.install(workspaceId, 'qwen', 'npm-user');
    await expect
      .poll(() => bench.terminals.get(id))
      .toMatchObject({ title: 'Install Qwen Code', exit: { kind: 'exited', code: 0 } });
    expect(await find('qwen')).toMatchObject({ state: 'ready', version: '0.24.4' });
    await expect(agents.install(workspaceId, 'qwen', 'none')).rejects.toMatchObject({
      code: 'agent.unknown_install',
    });
    await expect(agents.install(workspaceId, 'nobody', 'npm')).rejects.toMatchObject({
      code: 'agent.unknown',
    });
  });

  it('knows which agents a session can have', () => {
    const own = agents.add({ name: 'Mine', kind: 'acp', command: 'mine' });
    const inTerminal = agents.add({ name: 'Typed', kind: 'terminal', command: 'typed' });
    for (const agent of ['builtin', 'codex', own])
      expect(() => agents.checkSpeaks(agent as AgentId)).not.toThrow();
    for (const agent of ['nope', inTerminal])
      expect(() => agents.checkSpeaks(agent as AgentId)).toThrow(/agent/i);
  });
});

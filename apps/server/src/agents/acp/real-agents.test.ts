import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import { type ModelServer, startModelServer } from '@farhand/shared/testing/model-server';
import { processesAt } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createStateFeed } from '../../feed/state-feed.ts';
import { createHostAgents } from '../../host-agents/host-agents.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { AcpBench } from './testing/acp-bench.ts';
import type { AcpHost } from './testing/acp-host.ts';
import { REAL_AGENTS, type RealAgent, realAgentHost } from './testing/real-agents.ts';

/** The command in a message, which the model has run; then it says `done`. */
const commandOf = (text: string) => /RUN<(.+)>/s.exec(text)?.[1];
const prompt = (command: string) => `Please RUN<${command}>`;

describe.each(REAL_AGENTS)('$id from npm over a real sshd', { timeout: 60_000 }, (agent: RealAgent) => {
  let model: ModelServer;
  let host: AcpHost;
  let db: Database;
  let bench: AcpBench;

  beforeAll(async () => {
    model = await startModelServer(({ lastUserText, step }) => {
      const command = commandOf(lastUserText);
      if (command !== undefined && step === 0)
        return [{ text: 'Running. ' }, { call: agent.shellCall(command) }];
      return [{ text: `done ${lastUserText.includes('second') ? 'second' : 'first'}` }];
    });
    host = await realAgentHost(agent.settings(model));
  });
  afterAll(async () => {
    await host.close();
    await model.close();
  });
  afterEach(async () => {
    await bench.close();
    db.close();
  });

  const start = () => {
    const runtime = host.open();
    db = openDatabase(join(host.home, 'agents.sqlite'));
    const none = { ready: unused, open: unused, get: unused };
    const hostAgents = createHostAgents({
      db,
      feed: createStateFeed(),
      runtimes: { for: () => runtime },
      workspaces: none,
      terminals: none,
    });
    bench = new AcpBench(host, {
      policy: 'ask_all',
      secrets: agent.secrets(model),
      startCommand: () => hostAgents.startCommand(agent.id, runtime).finally(() => runtime.close()),
      timing: { cancelMs: 5_000 },
    });
  };
  const call = () => bench.items.findLast((item): item is ToolCallItem => item.kind === 'tool_call');

  it('runs a command once it is allowed, and none that is denied', async () => {
    start();
    bench.prompt(prompt('echo from-the-"agent" > made.txt; cat made.txt'));
    const { subject } = await bench.approval();
    expect(subject).toMatchObject({ kind: 'command' });
    expect(existsSync(join(bench.directory, 'made.txt'))).toBe(false);
    await bench.decide({ kind: 'allow', scope: 'once' });
    await bench.whenEnded();
    expect(bench.turn).toMatchObject({ state: 'done', error: null });
    expect(readFileSync(join(bench.directory, 'made.txt'), 'utf8')).toBe('from-the-agent\n');
    expect(call()).toMatchObject({ state: 'done' });
    expect(bench.said).toContain('done first');

    bench.prompt(prompt('touch denied.txt'));
    await bench.decide({ kind: 'deny' });
    await bench.whenEnded();
    expect(existsSync(join(bench.directory, 'denied.txt'))).toBe(false);
    expect(model.strays).toEqual([]);
  });

  it('is stopped in a command, and nothing of it runs on', async () => {
    start();
    bench.prompt(prompt("echo $$ > pid.txt; python3 -c 'import time; time.sleep(600)'"));
    await bench.decide({ kind: 'allow', scope: 'once' });
    await expect.poll(() => existsSync(join(bench.directory, 'pid.txt'))).toBe(true);
    await bench.server.sessions.stop(bench.sessionId);
    await bench.whenEnded();
    expect(bench.turn).toMatchObject({ state: 'stopped' });
    const sleeping = () =>
      processesAt(host.home).filter((pid) => commandLine(pid).includes('time.sleep(600)'));
    await expect.poll(sleeping).toEqual([]);
    await bench.promptAndWait('the second message');
    expect(bench.turn).toMatchObject({ state: 'done' });
    expect(bench.said).toContain('done second');
  });

  it('goes on over a restart of the server in the middle of a command', async () => {
    start();
    bench.prompt(
      prompt('echo started > started.txt; until [ -e gate ]; do sleep 0.05; done; echo over > over.txt'),
    );
    await bench.decide({ kind: 'allow', scope: 'once' });
    await expect.poll(() => existsSync(join(bench.directory, 'started.txt'))).toBe(true);
    bench.kill();
    bench.start();
    await bench.server.runtime.files.write(join(bench.directory, 'gate'), new Uint8Array());
    await bench.whenEnded();
    expect(bench.turn).toMatchObject({ state: 'done', error: null });
    expect(readFileSync(join(bench.directory, 'over.txt'), 'utf8')).toBe('over\n');
    expect(bench.said.match(/done first/g)).toHaveLength(1);
    await bench.promptAndWait('the second message');
    expect(model.requests.at(-1)?.text).toContain('started.txt');
  });
});

function unused(): never {
  throw new Error('not part of this test');
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    // It ended between the listing and now.
    return '';
  }
}

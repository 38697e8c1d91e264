import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AgentBench } from '../agents/builtin/testing/agent-bench.ts';
import { createMcpServers } from './mcp-servers.ts';
import { SERVER_PROGRAM } from './testing/server-program.ts';

let sshd: TestSshd;
let bench: AgentBench;
beforeAll(async () => {
  sshd = await startSshd();
});
afterEach(() => bench.close());
afterAll(() => sshd.stop());

describe('an MCP server on a host over ssh', { timeout: 60_000 }, () => {
  it('answers, also a call during which contact was lost, and 10 MiB', async () => {
    const runtime = createSshRuntime({
      hostId: sshd.alias as HostId,
      sshConfigPath: sshd.sshConfigPath,
    });
    const call = (tool: string, args: unknown = {}) => ({
      call: { name: `mcp__test__${tool}`, arguments: args },
    });
    bench = await AgentBench.start({
      wrap: () => runtime,
      files: { 'mcp.mjs': SERVER_PROGRAM },
      script: [
        [call('add', { a: 2, b: 3 }), call('slow'), call('large'), call('crash')],
        [{ text: 'Done.' }],
      ],
    });
    createMcpServers(bench.server.db).set({
      projectId: bench.projectId,
      name: 'test',
      transport: { kind: 'stdio', command: `exec '${process.execPath}' mcp.mjs` },
      isEnabled: true,
    });
    bench.prompt('go');
    await bench.when(() => bench.calls[1]?.output.includes('step 1') ?? false);
    sshd.killConnections();
    await bench.whenEnded();
    expect(bench.turn.state).toBe('done');
    expect(bench.calls.map(({ result }) => result?.slice(0, 16))).toEqual([
      '5 after 1',
      'slow and done',
      'beginxxxxxxxxxxx',
      'The MCP server “',
    ]);
    expect(existsSync(join(bench.directory, 'mcp.pid'))).toBe(true);
    await bench.server.sessions.deleteOfWorkspace(bench.workspaceId);
    for (const { id } of await runtime.jobs.list()) await runtime.jobs.remove(id);
    await runtime.close();
  });
});

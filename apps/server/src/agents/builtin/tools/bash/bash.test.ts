import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { ModelRequest, ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench } from '../../testing/agent-bench.ts';
import { playCalls } from '../../testing/play-calls.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const run = async (...given: Parameters<typeof playCalls>) => {
  bench = await playCalls(...given);
  return bench.calls;
};

const outcomes = (calls: readonly ToolCallItem[]) => calls.map(({ state, result }) => [state, result]);

describe('bash', () => {
  it('says how a command ended, colours kept for the page and taken out for the model', async () => {
    const calls = await run([
      ['bash', { command: "printf '\\033[31mred\\033[0m\\n10%%\\r100%%\\n'" }],
      ['bash', { command: 'echo out; echo err >&2; exit 3' }],
      ['bash', { command: 'kill -9 $$' }],
      ['bash', { command: 'true' }],
    ]);
    expect(outcomes(calls)).toEqual([
      ['done', 'red\n100%\n[exit status 0]'],
      ['failed', 'out\nerr\n[exit status 3]'],
      ['failed', '(no output)\n[ended by SIGKILL]'],
      ['done', '(no output)\n[exit status 0]'],
    ]);
    expect(calls[0]?.output).toContain('\x1b[31mred');
  });

  it('stops a command at its time limit', async () => {
    const [call] = await run([['bash', { command: 'echo begun; sleep 300', timeout_ms: 300 }]]);
    expect(call).toMatchObject({
      state: 'failed',
      output: 'begun\n',
      exit: { kind: 'signaled', signal: 'SIGTERM' },
    });
    expect(call?.result).toContain('stopped after 300 ms, its time limit; ended by SIGTERM');
  });

  it('cuts long output in the middle for page and model, with a way to the rest', async () => {
    const [call] = await run([['bash', { command: 'seq 1 40000' }]]);
    expect(call?.output.length).toBeLessThan(50 * 1024);
    expect(call?.output).toMatch(/^1\n2\n[\s\S]*characters left out[\s\S]*39999\n40000\n$/);
    expect(call?.result?.length).toBeLessThan(31_000);
    expect(call?.result).toMatch(
      /^1\n2\n[\s\S]*read_output \{"job":"job_[a-z2-7]{20}","offset":20000\}[\s\S]*40000\n\[exit status 0\]$/,
    );
  });
});

describe('a job in the background', () => {
  it('is read and stopped by its id', async () => {
    const idIn = (request: ModelRequest) => /job_[a-z2-7]{20}/.exec(request.text)?.[0] ?? '';
    const steps: ((request: ModelRequest) => ModelStep[])[] = [
      () => [
        {
          call: {
            name: 'bash',
            arguments: { command: 'echo up; echo up > up; exec sleep 300', background: true },
          },
        },
      ],
      () => [{ call: { name: 'bash', arguments: { command: 'until [ -s up ]; do sleep 0.02; done' } } }],
      (request) => [{ call: { name: 'read_output', arguments: { job: idIn(request) } } }],
      (request) => [
        { call: { name: 'read_output', arguments: { job: idIn(request), offset: 1, limit: 1 } } },
      ],
      (request) => [{ call: { name: 'stop_job', arguments: { job: idIn(request) } } }],
      (request) => [{ call: { name: 'read_output', arguments: { job: idIn(request) } } }],
      () => [{ call: { name: 'read_output', arguments: { job: 'job_aaaaaaaaaaaaaaaaaaaa' } } }],
      () => [{ text: 'Done.' }],
    ];
    bench = await AgentBench.start({ script: (request) => steps[request.step]?.(request) ?? [] });
    await bench.promptAndWait('go');
    const { jobId } = bench.call(0);
    expect(bench.call(0).result).toContain(`Runs in the background as job ${jobId}`);
    expect(outcomes(bench.calls.slice(2))).toEqual([
      ['done', 'up\n\n[bytes 0 to 3 of 3; still running; go on with offset 3]'],
      ['done', 'p\n[bytes 1 to 2 of 3; still running; go on with offset 2]'],
      ['done', 'The job has ended: ended by SIGTERM.'],
      ['done', 'up\n\n[bytes 0 to 3 of 3; ended by SIGTERM]'],
      ['failed', 'No such job on the host. It may have ended and been removed; start it again.'],
    ]);
  });
});

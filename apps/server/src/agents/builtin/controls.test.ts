import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from './testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const call = (name: string, args: unknown) => ({ call: { name, arguments: args } });
const efforts = () =>
  bench.model.requests.map(
    ({ text }) => (JSON.parse(text) as { reasoning_effort?: string }).reasoning_effort,
  );

async function promptWith(model: string) {
  bench.server.sessions.prompt(bench.sessionId, 'go', { model });
  await bench.whenEnded();
}

describe('model and effort', () => {
  it('are those of the turn: each can be another one', async () => {
    await start({ script: () => [{ text: 'Fine.' }] });
    await promptWith('endpoint/gpt-5');
    await bench.setControl('effort', 'high');
    await promptWith('endpoint/gpt-5');
    await promptWith('endpoint/scripted');
    await bench.setControl('effort', 'low');
    await promptWith('endpoint/gpt-5');
    await bench.setControl('effort', 'default');
    await promptWith('endpoint/gpt-5');
    expect(bench.model.requests.map(({ model }) => model)).toEqual([
      'gpt-5',
      'gpt-5',
      'scripted',
      'gpt-5',
      'gpt-5',
    ]);
    expect(efforts()).toEqual([undefined, 'high', undefined, 'low', undefined]);
  });

  it('count from the next turn on where they are set in the middle of one', async () => {
    await start({
      script: ({ step }) =>
        step === 0
          ? [call('bash', { command: 'until [ -e go ]; do sleep 0.02; done' })]
          : [{ text: 'Fine.' }],
    });
    bench.server.sessions.prompt(bench.sessionId, 'go', { model: 'endpoint/gpt-5' });
    await bench.when(() => bench.calls[0]?.state === 'running');
    await bench.setControl('effort', 'high');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${bench.directory}/go`, '');
    await bench.whenEnded();
    await promptWith('endpoint/gpt-5');
    expect(efforts()).toEqual([undefined, undefined, 'high', 'high']);
  });

  it('stay chosen over a restart and a new look at the workspace', async () => {
    await start({ script: [[{ text: 'Fine.' }]] });
    await bench.setControl('effort', 'low');
    await bench.setControl('mode', 'plan');
    bench.restart();
    await bench.promptAndWait('go');
    expect(bench.controls).toMatchObject({ mode: 'plan' });
    expect(bench.controls.options.find(({ id }) => id === 'effort')?.value).toBe('low');
  });
});

import type { ModelStep } from '@farhand/shared/testing/model-server';
import { AgentBench, type BenchOptions } from './agent-bench.ts';

/** A bench on which a model asked for these calls in one answer, and the turn that they belong to has ended well. */
export async function playCalls(
  calls: readonly (readonly [string, unknown])[],
  options: Partial<BenchOptions> & { before?: (directory: string) => void } = {},
): Promise<AgentBench> {
  const steps = calls.map(([name, args]): ModelStep => ({ call: { name, arguments: args } }));
  const bench = await AgentBench.start({ ...options, script: [steps, [{ text: 'Done.' }]] });
  options.before?.(bench.directory);
  await bench.promptAndWait('go');
  if (bench.turn.error) {
    await bench.close();
    throw new Error(`the turn failed: ${JSON.stringify(bench.turn.error)}`);
  }
  return bench;
}

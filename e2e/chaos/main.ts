import { parseArgs } from 'node:util';
import { report } from './report.ts';
import { runChaos } from './run.ts';

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const [cuts, seed] = [Number(values.cuts), Number(values.seed)];
if (!Number.isInteger(cuts) || cuts < 1 || !Number.isInteger(seed))
  throw new Error('Usage: npm run chaos -- --cuts <number> --seed <number>');

console.log(`npm run chaos -- --cuts ${cuts} --seed ${seed}`);
const result = await runChaos({ cuts, seed });
console.log(report(result));
process.exitCode = result.tally.problems.length > 0 ? 1 : 0;

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { HEAP_GROWTH } from './heap-growth.ts';

// As the requests of agents that stream: large, beside what is there all the time, and of no use after a while.
const WORK = `
  if (process.argv[1]) require('node:v8').setFlagsFromString(process.argv[1]);
  const kept = Array.from({ length: 300_000 }, (_, at) => ({ at, name: 'n' + at }));
  const requests = [];
  let most = 0;
  const ask = (round) => {
    requests[round % 200] = JSON.stringify(kept.slice(0, 10_000)) + round;
    requests[round % 200].charCodeAt(0);
    most = Math.max(most, process.memoryUsage().heapTotal);
    if (round < 1000) setImmediate(ask, round + 1);
    else console.log(most / 1048576, kept.length);
  };
  ask(0);
`;

const mostMiB = (...flags: string[]) =>
  Number.parseFloat(execFileSync(process.execPath, ['-e', WORK, ...flags], { encoding: 'utf8' }));

describe('HEAP_GROWTH', () => {
  it('keeps what nobody uses any more from piling up', () => {
    expect(mostMiB(HEAP_GROWTH)).toBeLessThan(mostMiB() * 0.75);
  });
});

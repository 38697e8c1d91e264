/** The middle of `times` runs in milliseconds; the first `warmUp` runs are not counted. */
export async function medianMs(
  times: number,
  action: (run: number) => Promise<unknown>,
  warmUp = 3,
): Promise<number> {
  const samples: number[] = [];
  for (let run = 0; run < warmUp + times; run++) {
    const took = await elapsedMs(() => action(run));
    if (run >= warmUp) samples.push(took);
  }
  return median(samples);
}

/** What runs `one` and `other` in turn, so that noise of the machine meets both alike. */
export async function medianPairMs(
  times: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<readonly [number, number]> {
  const samples: [number[], number[]] = [[], []];
  await one();
  await other();
  for (let run = 0; run < times; run++) {
    samples[0].push(await elapsedMs(one));
    samples[1].push(await elapsedMs(other));
  }
  return [median(samples[0]), median(samples[1])];
}

export async function elapsedMs(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/** The sample that `share` (0 to 1) of all are at most as large as. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const sample = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (sample === undefined) throw new Error('nothing was measured');
  return sample;
}

const median = (samples: readonly number[]) => percentile(samples, 0.5);

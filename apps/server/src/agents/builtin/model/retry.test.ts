import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { describe, expect, it } from 'vitest';
import { createRateLimits } from '../../../models/rate-limits.ts';
import { ModelFailure } from './errors.ts';
import { askUntilAnswered, MODEL_TIMING } from './retry.ts';

describe('a provider that limits its rate', () => {
  it('is left alone by every turn until the time that it told to one', async () => {
    const limits = createRateLimits();
    const limited = new ModelFailure(new FarhandError('model.rate_limited'), 3, 150);
    const asked: { who: string; atMs: number }[] = [];
    const told: { who: string; nextAt: string }[] = [];
    const turn = (who: string, model: string, failures: ModelFailure[]) =>
      askUntilAnswered({
        ask: async () => {
          asked.push({ who, atMs: Date.now() });
          const failure = failures.shift();
          if (failure) throw failure;
          return who;
        },
        onRetry: (retry) => retry && told.push({ who, nextAt: retry.nextAt }),
        signal: new AbortController().signal,
        timing: MODEL_TIMING,
        gate: limits.gate(model),
      });
    const first = turn('first', 'acme/a', [limited]);
    await expect.poll(() => told.length, { interval: 1 }).toBe(1);
    const untilMs = Date.parse(told[0]?.nextAt ?? '');
    const rest = [first, turn('second', 'acme/b', []), turn('other', 'umbrella/a', [])];
    expect(await Promise.all(rest)).toEqual(['first', 'second', 'other']);
    const times = (who: string) => asked.filter((one) => one.who === who).map(({ atMs }) => atMs);
    expect(times('second')[0]).toBeGreaterThanOrEqual(untilMs - 1);
    expect(times('other')[0]).toBeLessThan(untilMs);
    expect(told.map(({ who }) => who)).toContain('second');
  });
});

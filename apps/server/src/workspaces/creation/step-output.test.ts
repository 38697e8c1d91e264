import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRedactor } from '../../secrets/redactor.ts';
import { createStepOutput } from './step-output.ts';

describe('createStepOutput', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const open = () => {
    const shown: string[] = [];
    const redaction = createRedactor({ TOKEN: 'canary-1' }).stream();
    return { shown, output: createStepOutput(redaction, (text) => shown.push(text)) };
  };

  it('shows many pieces at once, with secrets covered across them', () => {
    const { shown, output } = open();
    for (const piece of ['a can', 'ary-1 b', '\n']) output.push(Buffer.from(piece));
    expect(shown).toEqual([]);
    vi.runAllTimers();
    expect(shown).toEqual(['a [secret TOKEN] b\n']);
  });

  it('shows nothing by itself once it is disposed of, when the workspace or the store may be gone', () => {
    const { shown, output } = open();
    output.push(Buffer.from('late\n'));
    expect(vi.getTimerCount()).toBe(1);
    output.dispose();
    expect(vi.getTimerCount()).toBe(0);
    expect(shown).toEqual([]);
  });
});

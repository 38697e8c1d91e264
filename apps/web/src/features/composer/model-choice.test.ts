import type { ModelProvider } from '@farhand/shared/model/models';
import { describe, expect, it } from 'vitest';
import { isSecondEscape } from './double-escape.ts';
import { chooseModel, modelOptions } from './model-choice.ts';

const provider = (id: string, models: string[]): ModelProvider => ({
  id,
  kind: 'openai_compatible',
  baseUrl: null,
  hasKey: true,
  source: 'settings',
  models,
});
const options = modelOptions([provider('anthropic', ['large', 'small']), provider('ollama', ['org/tiny'])]);

describe('modelOptions', () => {
  it('names every model with its provider', () => {
    expect(options.map((option) => option.ref)).toEqual([
      'anthropic/large',
      'anthropic/small',
      'ollama/org/tiny',
    ]);
  });
});

describe('chooseModel', () => {
  it('takes the first wish that is still offered', () => {
    expect(chooseModel(options, [null, 'gone/model', 'ollama/org/tiny', 'anthropic/small'])).toBe(
      'ollama/org/tiny',
    );
  });

  it('falls back to the first offered, and says when there is none', () => {
    expect(chooseModel(options, [null])).toBe('anthropic/large');
    expect(chooseModel([], ['anthropic/large'])).toBeNull();
  });
});

describe('isSecondEscape', () => {
  it('needs a first press not long ago', () => {
    expect(isSecondEscape(null, 100)).toBe(false);
    expect(isSecondEscape(100, 900)).toBe(true);
    expect(isSecondEscape(100, 5000)).toBe(false);
  });
});

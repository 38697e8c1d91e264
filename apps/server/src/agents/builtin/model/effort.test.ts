import type { ProviderKind } from '@farhand/shared/model/models';
import { describe, expect, it } from 'vitest';
import { type Effort, effortOptions } from './effort.ts';

const of = (kind: ProviderKind, model: string, wanted: Effort) =>
  effortOptions({ ref: `p/${model}`, kind, model, baseUrl: null, key: null }, wanted);

describe('effortOptions', () => {
  it.each([
    [
      'anthropic',
      'claude-sonnet-4-5-20250929',
      'low',
      { anthropic: { thinking: { type: 'enabled', budgetTokens: 4096 } } },
    ],
    [
      'anthropic',
      'claude-opus-4-20250514',
      'high',
      { anthropic: { thinking: { type: 'enabled', budgetTokens: 24_576 } } },
    ],
    [
      'anthropic',
      'claude-3-7-sonnet-latest',
      'medium',
      { anthropic: { thinking: { type: 'enabled', budgetTokens: 12_288 } } },
    ],
    [
      'anthropic',
      'claude-opus-4-8',
      'high',
      { anthropic: { thinking: { type: 'adaptive' }, effort: 'high' } },
    ],
    [
      'anthropic',
      'claude-opus-4-10',
      'low',
      { anthropic: { thinking: { type: 'adaptive' }, effort: 'low' } },
    ],
    ['openai', 'gpt-5-mini', 'low', { openai: { reasoningEffort: 'low' } }],
    ['openai', 'o4-mini', 'high', { openai: { reasoningEffort: 'high' } }],
    [
      'google',
      'gemini-2.5-pro',
      'low',
      { google: { thinkingConfig: { thinkingBudget: 2048, includeThoughts: true } } },
    ],
    [
      'google',
      'gemini-3-pro-preview',
      'medium',
      { google: { thinkingConfig: { thinkingLevel: 'high', includeThoughts: true } } },
    ],
    [
      'google',
      'gemini-3.5-flash',
      'medium',
      { google: { thinkingConfig: { thinkingLevel: 'medium', includeThoughts: true } } },
    ],
    ['openai_compatible', 'openai/gpt-5', 'high', { p: { reasoningEffort: 'high' } }],
    ['openai_compatible', 'gpt-oss-120b', 'high', { p: { reasoningEffort: 'high' } }],
  ] as const)('tells %s’s %s to think at %s', (kind, model, wanted, options) => {
    expect(of(kind, model, wanted)).toEqual(options);
  });

  it.each([
    ['anthropic', 'claude-3-5-haiku-latest'],
    ['openai', 'gpt-4.1'],
    ['openai', 'gpt-5-chat-latest'],
    ['google', 'gemini-2.0-flash'],
    ['openai_compatible', 'llama-3.3-70b'],
  ] as const)('sends nothing to %s’s %s, which does not take it', (kind, model) => {
    expect(of(kind, model, 'high')).toEqual({});
  });

  it('sends nothing where the provider’s own is wanted', () => {
    expect(of('openai', 'gpt-5', 'default')).toEqual({});
  });
});

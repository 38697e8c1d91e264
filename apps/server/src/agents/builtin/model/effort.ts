import { z } from 'zod';
import type { ResolvedModel } from '../../../models/models.ts';

/** How much a model thinks before it answers; `default` leaves it to the provider. */
export const effort = z.enum(['default', 'low', 'medium', 'high']);
export type Effort = z.infer<typeof effort>;
type Chosen = Exclude<Effort, 'default'>;

/** Options of the model library by provider. */
type EffortOptions = Partial<
  Record<string, Record<string, string | Record<string, string | number | boolean>>>
>;

/** Tokens that a model may think with, where it takes a number. */
const ANTHROPIC_BUDGETS: Readonly<Record<Chosen, number>> = { low: 4096, medium: 12_288, high: 24_576 };
const GOOGLE_BUDGETS: Readonly<Record<Chosen, number>> = { low: 2048, medium: 8192, high: 24_576 };

/** What is sent so that the model thinks so much. Nothing for `default`, and for models not known to take it: they would refuse the request. */
export function effortOptions({ kind, model, ref }: ResolvedModel, wanted: Effort): EffortOptions {
  if (wanted === 'default') return {};
  switch (kind) {
    case 'anthropic':
      return anthropicOptions(model, wanted);
    case 'openai':
      return takesOpenaiEffort(model) ? { openai: { reasoningEffort: wanted } } : {};
    case 'google':
      return googleOptions(model, wanted);
    case 'openai_compatible': {
      // Such endpoints name a model as its maker does, often with the maker before it.
      const name = model.slice(model.lastIndexOf('/') + 1);
      if (!takesOpenaiEffort(name) && !name.startsWith('gpt-oss')) return {};
      return { [ref.slice(0, ref.indexOf('/'))]: { reasoningEffort: wanted } };
    }
  }
}

// From 4.6 on the model decides itself how long it thinks, and takes the effort as a word.
function anthropicOptions(model: string, wanted: Chosen): EffortOptions {
  const version = anthropicVersion(model);
  if (version >= 406) return { anthropic: { thinking: { type: 'adaptive' }, effort: wanted } };
  if (version < 307) return {};
  return { anthropic: { thinking: { type: 'enabled', budgetTokens: ANTHROPIC_BUDGETS[wanted] } } };
}

// 405 for claude-sonnet-4-5-20250929, 400 for claude-opus-4-20250514, 307 for claude-3-7-sonnet; 0 where it says none.
function anthropicVersion(model: string): number {
  const found = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(model);
  return found ? Number(found[1]) * 100 + Number(found[2] ?? 0) : 0;
}

function takesOpenaiEffort(model: string): boolean {
  return /^o\d/.test(model) || (/^gpt-([5-9]|\d\d)/.test(model) && !model.includes('-chat'));
}

function googleOptions(model: string, wanted: Chosen): EffortOptions {
  if (model.startsWith('gemini-2.5')) {
    const thinkingBudget = GOOGLE_BUDGETS[wanted];
    return { google: { thinkingConfig: { thinkingBudget, includeThoughts: true } } };
  }
  if (!/^gemini-([3-9]|\d\d)/.test(model)) return {};
  // The first of that line knows two levels.
  const thinkingLevel = wanted === 'medium' && model.startsWith('gemini-3-pro') ? 'high' : wanted;
  return { google: { thinkingConfig: { thinkingLevel, includeThoughts: true } } };
}

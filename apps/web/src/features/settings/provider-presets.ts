import type { ProviderKind } from '@farhand/shared/model/models';

/** A provider that a person is likely to have, with what can be known of it. */
export interface ProviderPreset {
  readonly id: string;
  readonly label: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string | null;
  readonly needsKey: boolean;
  /** An example for the list of models. */
  readonly modelHint: string;
}

export const PROVIDER_PRESETS: readonly ProviderPreset[] = [
  {
    id: 'anthropic',
    label: 'Anthropic',
    kind: 'anthropic',
    baseUrl: null,
    needsKey: true,
    modelHint: 'claude-sonnet-4-5',
  },
  { id: 'openai', label: 'OpenAI', kind: 'openai', baseUrl: null, needsKey: true, modelHint: 'gpt-5' },
  {
    id: 'google',
    label: 'Google',
    kind: 'google',
    baseUrl: null,
    needsKey: true,
    modelHint: 'gemini-2.5-pro',
  },
  {
    id: 'ollama',
    label: 'Ollama',
    kind: 'openai_compatible',
    baseUrl: 'http://127.0.0.1:11434/v1',
    needsKey: false,
    modelHint: 'qwen3-coder',
  },
  {
    id: 'lm-studio',
    label: 'LM Studio',
    kind: 'openai_compatible',
    baseUrl: 'http://127.0.0.1:1234/v1',
    needsKey: false,
    modelHint: 'qwen3-coder-30b',
  },
  {
    id: 'vllm',
    label: 'vLLM',
    kind: 'openai_compatible',
    baseUrl: 'http://127.0.0.1:8000/v1',
    needsKey: false,
    modelHint: 'the name vLLM serves',
  },
  {
    id: 'openrouter',
    label: 'OpenRouter',
    kind: 'openai_compatible',
    baseUrl: 'https://openrouter.ai/api/v1',
    needsKey: true,
    modelHint: 'anthropic/claude-sonnet-4.5',
  },
  {
    id: 'other',
    label: 'Other',
    kind: 'openai_compatible',
    baseUrl: '',
    needsKey: false,
    modelHint: 'model name',
  },
];

/** The name of a provider's kind as a person reads it. */
export const KIND_NAMES: Readonly<Record<ProviderKind, string>> = {
  anthropic: 'Anthropic',
  openai: 'OpenAI',
  google: 'Google',
  openai_compatible: 'OpenAI-compatible',
};

/** The model names of a text with commas, spaces or lines between them, each once. */
export function readModelNames(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}

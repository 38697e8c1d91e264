import type { ProviderKind } from '@farhand/shared/model/models';

/** Models offered where nobody chose any, best first; a person edits the list in the settings. */
export const SUGGESTED_MODELS: Readonly<Record<ProviderKind, readonly string[]>> = {
  anthropic: ['claude-sonnet-4-5', 'claude-opus-4-5', 'claude-haiku-4-5'],
  openai: ['gpt-5.1-codex', 'gpt-5.1', 'gpt-5-mini'],
  google: ['gemini-3-pro-preview', 'gemini-2.5-pro', 'gemini-2.5-flash'],
  // What runs behind a local or foreign endpoint cannot be guessed.
  openai_compatible: [],
};

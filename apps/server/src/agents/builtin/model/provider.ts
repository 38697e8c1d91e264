import type { LanguageModel } from 'ai';
import type { ResolvedModel } from '../../../models/models.ts';

/** Sent where no key is set: without one the libraries look for a key in the server's environment themselves. */
const NO_KEY = 'none';
/** Given always, for the same reason. */
const BASE_URLS = {
  anthropic: 'https://api.anthropic.com/v1',
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
} as const;

/** The model as the model library calls it. The library of one provider is loaded when it is first used. */
export async function languageModel(
  resolved: ResolvedModel,
  fetchBytes: typeof fetch,
): Promise<LanguageModel> {
  const { kind, model, key, baseUrl } = resolved;
  if (kind === 'openai_compatible') return compatibleModel(resolved, fetchBytes);
  const options = { apiKey: key ?? NO_KEY, baseURL: baseUrl ?? BASE_URLS[kind], fetch: fetchBytes };
  switch (kind) {
    case 'anthropic': {
      // Its own tools take the URL without the version.
      const baseURL = options.baseURL.replace(/\/*$/, '').replace(/(?<!\/v1)$/, '/v1');
      return (await import('@ai-sdk/anthropic')).createAnthropic({ ...options, baseURL })(model);
    }
    case 'openai':
      return (await import('@ai-sdk/openai')).createOpenAI(options)(model);
    case 'google':
      return (await import('@ai-sdk/google')).createGoogleGenerativeAI(options)(model);
  }
}

async function compatibleModel(resolved: ResolvedModel, fetchBytes: typeof fetch): Promise<LanguageModel> {
  const { ref, model, key, baseUrl } = resolved;
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const name = ref.slice(0, ref.indexOf('/'));
  const base = { name, baseURL: baseUrl ?? '', fetch: fetchBytes, includeUsage: true };
  return createOpenAICompatible(key ? { ...base, apiKey: key } : base)(model);
}

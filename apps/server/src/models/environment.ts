import type { ProviderKind } from '@farhand/shared/model/models';
import { SUGGESTED_MODELS } from './suggested.ts';

/** A provider with its key in clear: kept in memory only. */
export interface Provider {
  readonly id: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string | null;
  readonly key: string | null;
  readonly models: readonly string[];
}

/** The id of the provider that `FARHAND_MODEL_BASE_URL` makes. */
const ENDPOINT_ID = 'endpoint';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** The providers that the server's environment names; the endpoint that was set for Farhand itself comes first. */
export function environmentProviders(environment: EnvironmentVariables): Provider[] {
  const value = (name: string) => environment[name]?.trim() || null;
  const found: Provider[] = [];
  const baseUrl = value('FARHAND_MODEL_BASE_URL');
  const model = value('FARHAND_MODEL');
  if (baseUrl) {
    const key = value('FARHAND_MODEL_KEY');
    found.push({ id: ENDPOINT_ID, kind: 'openai_compatible', baseUrl, key, models: model ? [model] : [] });
  }
  const add = (kind: 'anthropic' | 'openai' | 'google', key: string | null, url: string | null) => {
    if (key) found.push({ id: kind, kind, baseUrl: url, key, models: SUGGESTED_MODELS[kind] });
  };
  add('anthropic', value('ANTHROPIC_API_KEY'), value('ANTHROPIC_BASE_URL'));
  add('openai', value('OPENAI_API_KEY'), value('OPENAI_BASE_URL'));
  add('google', value('GOOGLE_GENERATIVE_AI_API_KEY') ?? value('GEMINI_API_KEY'), null);
  return found;
}

/** The model that the environment asks for, as `provider/model`; null where it asks for none. */
export function environmentDefault(environment: EnvironmentVariables): string | null {
  const model = environment.FARHAND_MODEL?.trim();
  if (!model) return null;
  return environment.FARHAND_MODEL_BASE_URL?.trim() ? `${ENDPOINT_ID}/${model}` : model;
}

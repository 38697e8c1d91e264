import type { ModelProvider } from '@farhand/shared/model/models';

/** What the composer offers, by provider; `ref` is `provider/model`. */
export interface ModelOption {
  readonly ref: string;
  readonly label: string;
  readonly provider: string;
}

/** Every model of every provider, in the order in which the server lists them. */
export function modelOptions(providers: readonly ModelProvider[]): ModelOption[] {
  return providers.flatMap((provider) =>
    provider.models.map((model) => ({ ref: `${provider.id}/${model}`, label: model, provider: provider.id })),
  );
}

/**
 * The model that the next message goes to: the first of `wanted` (the person's choice, the session's, the one chosen
 * last, the default) that is still offered; otherwise the first offered; null when there is none.
 */
export function chooseModel(
  options: readonly ModelOption[],
  wanted: readonly (string | null)[],
): string | null {
  const offered = new Set(options.map((option) => option.ref));
  return wanted.find((ref) => ref !== null && offered.has(ref)) ?? options[0]?.ref ?? null;
}

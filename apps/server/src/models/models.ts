import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ModelProvider, ProviderKind } from '@farhand/shared/model/models';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/database.ts';
import {
  type EnvironmentVariables,
  environmentDefault,
  environmentProviders,
  type Provider,
} from './environment.ts';
import { createModelStore, type ProviderRow } from './model-store.ts';
import type { ProviderGate, RateLimits } from './rate-limits.ts';
import { SUGGESTED_MODELS } from './suggested.ts';

/** All that is needed to ask one model. Holds the key: never log or store it. */
export interface ResolvedModel {
  /** `provider/model`. */
  readonly ref: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string | null;
  readonly key: string | null;
  readonly model: string;
  /** Of its provider, shared with all who ask it; absent where nobody else does. */
  readonly gate?: ProviderGate;
}

/** The ways to reach models: those of the server's environment, and those set in the settings, which come before. */
export interface Models {
  /** `defaultModel` is what a session gets that chose none; null where no model is set up. */
  list(): { providers: ModelProvider[]; defaultModel: string | null };
  /** `key: null` leaves a stored key as it is, an empty one removes it. Without models, the suggested ones. */
  set(input: ParsedInput<'model.set'>): ModelProvider;
  /** Forgets what the settings say of it. Throws `model.unknown`. */
  remove(id: string): void;
  /** Throws `model.unknown`. */
  setDefault(ref: string | null): void;
  /** Of `provider/model`, or of the default where null. Throws `model.none`, `model.unknown`. */
  resolve(ref: string | null): ResolvedModel;
}

interface ModelsDeps {
  readonly db: Database;
  readonly vault: Vault;
  readonly environment: EnvironmentVariables;
  readonly rateLimits?: RateLimits;
}

type Sourced = Provider & { readonly source: 'environment' | 'settings' };

/** Keys of the settings are sealed with the provider's id as context. */
export function createModels({ db, vault, environment, rateLimits }: ModelsDeps): Models {
  const store = createModelStore(db);
  const context = (id: string) => `model:${id}`;
  const open = ({ sealedKey, ...row }: ProviderRow): Sourced => ({
    ...row,
    key: sealedKey === null ? null : vault.open(sealedKey, context(row.id)),
    source: 'settings',
  });
  const all = (): Sourced[] => {
    const set = store.all().map(open);
    const named = environmentProviders(environment).filter(
      ({ id }) => !set.some((provider) => provider.id === id),
    );
    return [...set, ...named.map((provider) => ({ ...provider, source: 'environment' as const }))];
  };
  const resolve = (ref: string | null): ResolvedModel => {
    const providers = all();
    const wanted = ref ?? defaultRef(providers, [store.defaultModel(), environmentDefault(environment)]);
    if (wanted === null) throw new FarhandError('model.none');
    const found = find(providers, wanted);
    return rateLimits ? { ...found, gate: rateLimits.gate(found.ref) } : found;
  };

  return {
    list() {
      const providers = all();
      const defaultModel = defaultRef(providers, [store.defaultModel(), environmentDefault(environment)]);
      return { providers: providers.map(show), defaultModel };
    },
    set({ id, kind, baseUrl, key, models }) {
      const kept = key === null ? (store.get(id)?.sealedKey ?? null) : null;
      const sealedKey = key ? vault.seal(key, context(id)) : kept;
      const offered = models.length > 0 ? models : [...SUGGESTED_MODELS[kind]];
      const row: ProviderRow = { id, kind, baseUrl, sealedKey, models: offered };
      store.put(row);
      return show(open(row));
    },
    remove(id) {
      if (!store.remove(id)) throw new FarhandError('model.unknown', { details: { provider: id } });
    },
    setDefault(ref) {
      if (ref !== null) find(all(), ref);
      store.setDefaultModel(ref);
    },
    resolve,
  };
}

function show({ key, models, ...provider }: Sourced): ModelProvider {
  return { ...provider, hasKey: key !== null, models: [...models] };
}

// A chosen model whose provider is gone is passed over rather than left to fail every new session.
function defaultRef(providers: readonly Provider[], chosen: readonly (string | null)[]): string | null {
  for (const ref of chosen) {
    if (ref !== null && providers.some(({ id }) => ref.startsWith(`${id}/`))) return ref;
  }
  const first = providers.find(({ models }) => models.length > 0);
  return first ? `${first.id}/${first.models[0]}` : null;
}

function find(providers: readonly Provider[], ref: string): ResolvedModel {
  if (providers.length === 0) throw new FarhandError('model.none');
  const slash = ref.indexOf('/');
  const provider = providers.find(({ id }) => id === ref.slice(0, slash));
  const model = ref.slice(slash + 1);
  if (!provider || model === '') {
    throw new FarhandError('model.unknown', {
      message: `No model provider for “${ref}”.`,
      details: { model: ref },
    });
  }
  return { ref, kind: provider.kind, baseUrl: provider.baseUrl, key: provider.key, model };
}

/** Which providers have asked to be left alone, and until when: known to all agents that use them. */
export interface RateLimits {
  /** The provider of this `provider/model` takes nothing before `untilMs`. */
  pause(model: string, untilMs: number): void;
  /** In ms since 1970; null where it takes requests now. */
  until(model: string | null): number | null;
  /** Calls back when a pause begins or is lengthened, until the returned function is called. */
  watch(listener: () => void): () => void;
  gate(model: string): ProviderGate;
}

/** One provider, as those who ask it see it. */
export interface ProviderGate {
  /** In ms since 1970; null where it takes requests now. */
  until(): number | null;
  close(untilMs: number): void;
}

/** Kept in memory: after a restart the provider says it again. */
export function createRateLimits(now: () => number = Date.now): RateLimits {
  const pauses = new Map<string, number>();
  const listeners = new Set<() => void>();
  const pause = (model: string, untilMs: number) => {
    const provider = providerOf(model);
    if (untilMs <= (pauses.get(provider) ?? 0)) return;
    pauses.set(provider, untilMs);
    for (const listener of listeners) listener();
  };
  const until = (model: string | null): number | null => {
    const untilMs = model === null ? undefined : pauses.get(providerOf(model));
    return untilMs !== undefined && untilMs > now() ? untilMs : null;
  };
  return {
    pause,
    until,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    gate: (model) => ({ until: () => until(model), close: (untilMs) => pause(model, untilMs) }),
  };
}

const providerOf = (model: string): string => model.split('/', 1)[0] ?? model;

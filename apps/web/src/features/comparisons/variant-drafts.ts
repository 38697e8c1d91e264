import { type AgentId, BUILTIN_AGENT } from '@farhand/shared/model/agents';
import type { CallInput } from '@farhand/shared/protocol/calls';

/** More at once are refused by the server. */
export const MOST_VARIANTS = 16;

/** One row of the dialog. `host` is what was typed, the source workspace's own where nobody typed. */
export interface VariantDraft {
  readonly key: number;
  readonly agent: AgentId;
  /** Counts for the built-in agent only. */
  readonly model: string | null;
  readonly host: string;
}

const nextKey = (drafts: readonly VariantDraft[]): number =>
  drafts.reduce((most, { key }) => Math.max(most, key), 0) + 1;

/** Two rows of the built-in agent to begin with. */
export const firstDrafts = (host: string): readonly VariantDraft[] =>
  [1, 2].map((key) => ({ key, agent: BUILTIN_AGENT, model: null, host }));

/** The rows with a model for each of the built-in agent that has none yet: another one each, as far as they go. */
export function withModels(
  drafts: readonly VariantDraft[],
  models: readonly string[],
): readonly VariantDraft[] {
  return drafts.map((draft, index) =>
    draft.agent !== BUILTIN_AGENT || draft.model !== null
      ? draft
      : { ...draft, model: models[index] ?? models[0] ?? null },
  );
}

/** The rows with a copy of this one below it; the same rows where there are enough. */
export function duplicated(drafts: readonly VariantDraft[], key: number): readonly VariantDraft[] {
  if (drafts.length >= MOST_VARIANTS) return drafts;
  const fresh = nextKey(drafts);
  return drafts.flatMap((draft) => (draft.key === key ? [draft, { ...draft, key: fresh }] : [draft]));
}

/** The rows without this one; the last one stays. */
export function removed(drafts: readonly VariantDraft[], key: number): readonly VariantDraft[] {
  return drafts.length > 1 ? drafts.filter((draft) => draft.key !== key) : drafts;
}

/** The rows with this one changed. Agents differ from host to host, so another host begins with the built-in one. */
export function changed(
  drafts: readonly VariantDraft[],
  key: number,
  part: Partial<Omit<VariantDraft, 'key'>>,
): readonly VariantDraft[] {
  return drafts.map((draft) => {
    if (draft.key !== key) return draft;
    const isElsewhere = part.host !== undefined && part.host !== draft.host;
    return { ...draft, ...(isElsewhere && { agent: BUILTIN_AGENT }), ...part };
  });
}

/** The rows as `comparison.start` takes them; null as the host stands for `home`, the workspace's own. */
export function variantsOf(
  drafts: readonly VariantDraft[],
  home: string,
): CallInput<'comparison.start'>['variants'] {
  return drafts.map(({ agent, model, host }) => ({
    agent,
    model: agent === BUILTIN_AGENT ? model : null,
    host: host.trim() === '' || host.trim() === home ? null : host.trim(),
  }));
}

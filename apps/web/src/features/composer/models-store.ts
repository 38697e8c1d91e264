import type { CallOutput } from '@farhand/shared/protocol/calls';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { type ModelOption, modelOptions } from './model-choice.ts';

/** What a message can go to. */
export interface OfferedModels {
  /** Null until the server has answered once. */
  readonly options: readonly ModelOption[] | null;
  readonly defaultModel: string | null;
}

const KEY = ['models'] as const;

/** Asks the server again which models there are. */
export const refreshModels = (): Promise<void> => queryClient.invalidateQueries({ queryKey: KEY });

const QUERY = queryOptions({ queryKey: KEY, queryFn: () => call('model.list', {}) });

/** The models on offer, asked anew when the person comes back to the window. */
export function useModels(): OfferedModels {
  const { data } = useQuery({ ...QUERY, refetchOnWindowFocus: true });
  return offered(data ?? null);
}

/** The same once, waiting for the server's first answer; throws what the call throws. */
export const knownModels = async (): Promise<OfferedModels> =>
  offered(await queryClient.ensureQueryData(QUERY));

function offered(list: CallOutput<'model.list'> | null): OfferedModels {
  return { options: list && modelOptions(list.providers), defaultModel: list?.defaultModel ?? null };
}

const LAST_MODEL = 'farhand.model';

/** The model that was chosen last in this browser. */
export function lastModel(): string | null {
  try {
    return localStorage.getItem(LAST_MODEL);
  } catch {
    return null;
  }
}

/** Remembers a choice for sessions to come. */
export function rememberModel(ref: string): void {
  try {
    localStorage.setItem(LAST_MODEL, ref);
  } catch {
    // Without storage the choice holds for this page.
  }
}

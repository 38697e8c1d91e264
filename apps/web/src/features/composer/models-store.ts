import { useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { type ModelOption, modelOptions } from './model-choice.ts';

interface OfferedModels {
  /** Null until the server has answered once. */
  readonly options: readonly ModelOption[] | null;
  readonly defaultModel: string | null;
}

const KEY = ['models'] as const;

/** Asks the server again which models there are. */
export const refreshModels = (): Promise<void> => queryClient.invalidateQueries({ queryKey: KEY });

/** The models on offer, asked anew when the person comes back to the window. */
export function useModels(): OfferedModels {
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: () => call('model.list', {}),
    refetchOnWindowFocus: true,
  });
  return { options: data ? modelOptions(data.providers) : null, defaultModel: data?.defaultModel ?? null };
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

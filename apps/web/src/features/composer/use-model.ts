import type { Session } from '@farhand/shared/model/sessions';
import { useState } from 'react';
import { chooseModel, type ModelOption } from './model-choice.ts';
import { knownModels, lastModel, type OfferedModels, rememberModel, useModels } from './models-store.ts';

/** The model that the next message of a session goes to. */
export interface ChosenModel {
  readonly ref: string | null;
  readonly options: readonly ModelOption[];
  /** True once it is known that there is no model at all. */
  readonly isNone: boolean;
  /** `ref` once the models are known. Throws what `model.list` throws. */
  known(): Promise<string | null>;
  choose(ref: string): void;
}

/** The person's choice first, then the session's model, the one chosen last, and the default. */
export function useModel(session: Session): ChosenModel {
  const offered = useModels();
  const [chosen, setChosen] = useState<string | null>(null);
  const refOf = ({ options, defaultModel }: OfferedModels) =>
    chooseModel(options ?? [], [chosen, session.model, lastModel(), defaultModel]);
  return {
    ref: refOf(offered),
    options: offered.options ?? [],
    isNone: offered.options?.length === 0,
    known: async () => refOf(await knownModels()),
    choose(ref) {
      setChosen(ref);
      rememberModel(ref);
    },
  };
}

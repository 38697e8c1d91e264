import type { Session } from '@farhand/shared/model/sessions';
import { useState } from 'react';
import { chooseModel, type ModelOption } from './model-choice.ts';
import { lastModel, rememberModel, useModels } from './models-store.ts';

/** The model that the next message of a session goes to. */
export interface ChosenModel {
  readonly ref: string | null;
  readonly options: readonly ModelOption[];
  /** True once it is known that there is no model at all. */
  readonly isNone: boolean;
  choose(ref: string): void;
}

/** The person's choice first, then the session's model, the one chosen last, and the default. */
export function useModel(session: Session): ChosenModel {
  const { options, defaultModel } = useModels();
  const [chosen, setChosen] = useState<string | null>(null);
  return {
    ref: chooseModel(options ?? [], [chosen, session.model, lastModel(), defaultModel]),
    options: options ?? [],
    isNone: options?.length === 0,
    choose(ref) {
      setChosen(ref);
      rememberModel(ref);
    },
  };
}

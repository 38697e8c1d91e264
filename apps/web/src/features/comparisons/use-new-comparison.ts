import { parseHostTarget } from '@farhand/shared/model/host-target';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { showComparison } from '@/client/view-store.ts';
import { useModels } from '../composer/models-store.ts';
import { lastTestCommand, rememberTestCommand } from './test-commands.ts';
import {
  changed,
  duplicated,
  firstDrafts,
  removed,
  type VariantDraft,
  variantsOf,
  withModels,
} from './variant-drafts.ts';

interface Answers {
  readonly prompt: string;
  readonly drafts: readonly VariantDraft[];
  readonly testCommand: string;
}

/** The answers of the compare dialog, what is wrong with them, and `start`. */
export function useNewComparison({ id, projectId, hostId }: Workspace, prompt: string) {
  const { options } = useModels();
  const [answers, setAnswers] = useState<Answers>(() => ({
    prompt,
    drafts: firstDrafts(hostId),
    testCommand: lastTestCommand(projectId),
  }));
  const [error, setError] = useState<ApiError | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  // The models come after the dialog is open.
  const refs = (options ?? []).map(({ ref }) => ref);
  const drafts = withModels(answers.drafts, refs);

  const change = (part: Partial<Answers>) => {
    setError(null);
    setAnswers((before) => ({ ...before, ...part }));
  };
  const changeDrafts = (next: (drafts: readonly VariantDraft[]) => readonly VariantDraft[]) => {
    setError(null);
    setAnswers((before) => ({ ...before, drafts: next(withModels(before.drafts, refs)) }));
  };
  const isComplete =
    answers.prompt.trim() !== '' &&
    drafts.every(({ host }) => host.trim() === '' || parseHostTarget(host) !== null);
  const start = async () => {
    if (!isComplete || isStarting) return;
    setIsStarting(true);
    const testCommand = answers.testCommand.trim();
    try {
      const { comparison } = await call('comparison.start', {
        workspaceId: id,
        prompt: answers.prompt.trim(),
        variants: variantsOf(drafts, hostId),
        testCommand: testCommand === '' ? null : testCommand,
      });
      rememberTestCommand(projectId, testCommand);
      showComparison(comparison.id);
    } catch (thrown) {
      setError(ApiError.from(thrown));
      setIsStarting(false);
    }
  };
  const variants = {
    add: () => changeDrafts((drafts) => duplicated(drafts, drafts.at(-1)?.key ?? 0)),
    change: (key: number, part: Partial<Omit<VariantDraft, 'key'>>) =>
      changeDrafts((drafts) => changed(drafts, key, part)),
    duplicate: (key: number) => changeDrafts((drafts) => duplicated(drafts, key)),
    remove: (key: number) => changeDrafts((drafts) => removed(drafts, key)),
  };
  return { answers: { ...answers, drafts }, change, variants, start, error, isComplete, isStarting };
}

import type { ComparisonId } from '@farhand/shared/model/ids';
import { call } from '@/client/call.ts';
import { showWorkspace, viewStore } from '@/client/view-store.ts';
import { showError, showNote } from '@/ui/toast.tsx';

/** Runs the test command anew, in one variant or in all; a given command takes the place of the old one. */
export function runTests(
  comparisonId: ComparisonId,
  { variantId = null, testCommand }: { variantId?: string | null; testCommand?: string } = {},
): void {
  call('comparison.test', {
    comparisonId,
    variantId,
    ...(testCommand !== undefined && { testCommand }),
  }).catch((error: unknown) => showError('The tests were not run', error));
}

/** Keeps a variant's workspace as an ordinary one. */
export function keep(comparisonId: ComparisonId, variantId: string): void {
  call('comparison.keep', { comparisonId, variantId }).catch((error: unknown) =>
    showError('The variant was not kept', error),
  );
}

/** Deletes a variant's workspace, with null those of all that were not kept. True where the server took it. */
export async function discard(comparisonId: ComparisonId, variantId: string | null): Promise<boolean> {
  try {
    await call('comparison.discard', { comparisonId, variantId });
    return true;
  } catch (error) {
    showError('Not discarded', error);
    return false;
  }
}

/** Forgets the comparison and leaves its board; all workspaces stay. */
export async function forget(comparisonId: ComparisonId): Promise<void> {
  try {
    await call('comparison.remove', { comparisonId });
    if (viewStore.getState().comparisonId === comparisonId) showWorkspace(null);
    showNote('The comparison is off the list', 'The workspaces of its variants stay.');
  } catch (error) {
    showError('The comparison was not removed', error);
  }
}

import { newId } from '@farhand/shared/model/ids';
import { expect, it, vi } from 'vitest';
import type { JobUse } from '../protection/job-use.ts';
import { createTestRuns, type TestRunsDeps } from './test-runs.ts';

it('a test command runs as what it is: in the sandbox of its workspace, not as a look of ours', async () => {
  const place = { comparisonId: newId('comparison'), variantId: 'v1' };
  const uses: (JobUse | undefined)[] = [];
  const variant = { workspaceId: newId('workspace'), testJob: newId('job'), testStartedAt: null, test: null };
  const runs = createTestRuns({
    records: {
      get: () => ({ testCommand: 'true' }),
      find: () => variant,
      variant: () => variant,
      changeVariant: () => {},
    },
    workspaces: {
      ready(_id: string, use?: JobUse) {
        uses.push(use);
        throw new Error('far enough');
      },
    },
  } as unknown as TestRunsDeps);
  runs.resume(place);
  await vi.waitFor(() => expect(uses).toHaveLength(1));
  expect(uses[0]).toMatchObject({ kind: 'terminal', sessionId: null });
  expect(uses[0]?.isOurs ?? false).toBe(false);
  runs.close();
});
